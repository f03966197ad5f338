// SPDX-License-Identifier: Apache-2.0
// The numerals of the board: block figures as painted on the plates of a hand-operated scoreboard.
// Each is a line of width 4 in a box of 16 by 24, so that a board looks the same everywhere
// without a font to download. What is read aloud is plain text beside them.

import { animate } from './motion.js';
import { count } from './words.js';

const figures = [
  'M6 3H10L13 6V18L10 21H6L3 18V6Z',
  'M4 6H6.5L9 3.5V21M4 21H14',
  'M3 8V6L6 3H10L13 6V9.5L3 17.5V21H14',
  'M3 7V6L6 3H10L13 6V9L10.5 12L13 15V18L10 21H6L3 18V17M6 12H10.5',
  'M10.5 23V3.5H10L3 14V16.5H15',
  'M13.5 3H4V11H10L13 14V18L10 21H6L3 18V17',
  'M13 7V6L10 3H6L3 6V18L6 21H10L13 18V14L10 11H4',
  'M2 3H13V6L7 14.5V23',
  'M6 3H10L13 6V9L10.5 12L13 15V18L10 21H6L3 18V15L5.5 12L3 9V6ZM5 12H11',
  'M3 17V18L6 21H10L13 18V6L10 3H6L3 6V10L6 13H12',
];
const svg = 'http://www.w3.org/2000/svg';

function figure() {
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('viewBox', '0 0 16 24');
  drawing.append(document.createElementNS(svg, 'path'));
  return drawing;
}

const draw = (drawing, digit) =>
  drawing.firstChild.setAttribute('d', digit === ' ' ? '' : figures[digit]);

const hang = { duration: 420, easing: 'cubic-bezier(.2,.9,.3,1.2)', fill: 'backwards' };
const turn = [{ transform: 'rotateX(-90deg)' }, { transform: 'rotateX(0)' }];

// A number on plates, or '' for none. show(number, places) fills up with empty plates on the left;
// plates whose digit changed are turned over, the last one first.
export class Plates {
  constructor() {
    this.element = document.createElement('span');
    this.element.className = 'number';
    this.spoken = document.createElement('span');
    this.spoken.className = 'spoken';
    this.plates = document.createElement('span');
    this.plates.className = 'plates';
    this.plates.setAttribute('aria-hidden', 'true');
    this.element.append(this.spoken, this.plates);
    this.shown = '';
  }

  show(number, places = 1) {
    const text = String(number).padStart(places);
    this.spoken.textContent = number === '' ? '' : count(number);
    if (text === this.shown) return;
    while (this.plates.childElementCount < text.length) this.#addPlate();
    while (this.plates.childElementCount > text.length) this.plates.firstChild.remove();
    const before = this.shown.padStart(text.length);
    const first = this.shown === '';
    [...this.plates.children].forEach((plate, index) => {
      const left = text.length - index - 1;
      plate.classList.toggle('thousand', left > 0 && left % 3 === 0);
      plate.classList.toggle('empty', text[index] === ' ');
      if (!first && text[index] === before[index] && plate.dataset.drawn) return;
      plate.dataset.drawn = 'yes';
      draw(plate.firstChild, text[index]);
      if (!first) animate(plate.firstChild, turn, { ...hang, delay: left * 50 });
    });
    this.shown = text;
  }

  #addPlate() {
    const plate = document.createElement('span');
    plate.className = 'plate';
    plate.append(figure());
    this.plates.prepend(plate);
  }
}
