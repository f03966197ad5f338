// SPDX-License-Identifier: Apache-2.0
// The board: always ten rows of fixed height, so nothing on the page shifts while it fills. A row
// belongs to a player and keeps its element; when ranks change the elements are put in their new
// order and shown travelling from where they were (FLIP).

import { animate, wanted } from './motion.js';
import { Plates } from './numerals.js';
import { clock, count } from './words.js';

export const places = 10;
const moved_ms = 6_000;  // how long an arrow stays
const rise = [{ transform: 'translateY(60%)', opacity: 0 }, { transform: 'none', opacity: 1 }];
const travel = { duration: 520, easing: 'cubic-bezier(.22,.8,.24,1)' };

const make = (tag, className, ...children) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
};

class Row {
  #score = null;
  #rank = null;
  #timer = 0;

  constructor() {
    this.rank = new Plates();
    this.score = new Plates();
    this.move = make('span', 'move');
    this.gain = make('span', 'gain');
    this.name = make('bdi', 'name');
    this.tag = make('span', 'tag');
    const player = make('th', 'player', make('span', 'who', this.name, this.tag, this.gain));
    player.scope = 'row';
    this.element = make('tr', '',
      make('td', 'place', make('span', 'medal', this.rank.element), this.move),
      player, make('td', 'score', this.score.element));
    for (const ornament of [this.move, this.gain]) ornament.setAttribute('aria-hidden', 'true');
  }

  show({ rank, username, score }, digits, own) {
    const climbed = this.#rank === null ? 0 : this.#rank - rank;
    const gained = this.#score === null ? 0 : score - this.#score;
    this.rank.show(rank);
    this.score.show(score, digits);
    this.name.textContent = username;
    this.name.title = username;
    this.tag.textContent = own ? 'You' : '';
    this.element.classList.toggle('own', own);
    this.element.dataset.rank = rank;
    this.element.dataset.score = score;
    if (climbed || gained) this.#celebrate(climbed, gained);
    this.#rank = rank;
    this.#score = score;
  }

  #celebrate(climbed, gained) {
    if (climbed) {
      this.move.dataset.way = climbed > 0 ? 'up' : 'down';
      this.move.textContent = Math.abs(climbed);
    }
    if (gained > 0) {
      this.gain.textContent = `+${count(gained)}`;
      animate(this.element, [{ filter: 'brightness(1.6)' }, { filter: 'none' }], 900);
      animate(this.gain, rise, 260);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.move.textContent = this.gain.textContent = '';
      delete this.move.dataset.way;
    }, moved_ms);
  }
}

// A place nobody has taken yet; until the first board has come, nobody knows.
function openPlace(rank, digits, known) {
  const rankPlates = new Plates();
  const score = new Plates();
  rankPlates.show(rank);
  score.show('', digits);
  const words = known && rank === 1 ? 'First place is open' : '';
  const player = make('td', 'player', make('span', 'who', make('span', 'name', words)));
  const row = make('tr', 'open',
    make('td', 'place', make('span', 'medal', rankPlates.element)), player,
    make('td', 'score', score.element));
  if (!words) row.setAttribute('aria-hidden', 'true');
  return row;
}

export class Board {
  #rows = new Map();
  #own = '';
  #data = { leaderboard: [] };

  constructor(table) {
    this.table = table;
    this.body = table.tBodies[0];
    this.updated = table.querySelector('.updated');
  }

  set own(userId) {
    this.#own = userId;
    this.render(this.#data);
  }

  render(data) {
    this.#data = data;
    const standings = data.leaderboard.slice(0, places);
    const drawn = Math.max(3, ...standings.map(({ score }) => String(score).length));
    const digits = Math.max(4, drawn);
    this.table.style.setProperty('--digits', digits);
    this.table.style.setProperty('--drawn', drawn);  // Where room is short, no empty plates.
    this.table.style.setProperty('--gaps', `${2 * digits + 4 * Math.floor((digits - 1) / 3)}px`);
    this.updated.textContent = data.updated_at ? `as of ${clock(data.updated_at)}` : '';
    const moving = this.#rows.size > 0 && wanted();
    const before = moving ? this.#positions() : null;

    const gone = new Set(this.#rows.keys());
    const elements = standings.map((standing) => {
      const id = standing.user_id;
      gone.delete(id);
      if (!this.#rows.has(id)) this.#rows.set(id, new Row());
      const row = this.#rows.get(id);
      row.show(standing, digits, id === this.#own);
      return row.element;
    });
    for (const id of gone) this.#rows.delete(id);
    for (let rank = elements.length + 1; rank <= places; rank++) {
      elements.push(openPlace(rank, digits, Boolean(data.updated_at)));
    }
    this.#arrange(elements);
    if (moving) this.#travel(before);
  }

  // Touches only what stands in the wrong place: elements that stay keep their animations.
  #arrange(elements) {
    elements.forEach((element, index) => {
      if (this.body.children[index] !== element) {
        this.body.insertBefore(element, this.body.children[index] ?? null);
      }
    });
    while (this.body.childElementCount > elements.length) this.body.lastElementChild.remove();
  }

  // Where each row is seen now, in the middle of a journey too.
  #positions() {
    const tops = new Map();
    for (const [id, { element }] of this.#rows) {
      tops.set(id, element.getBoundingClientRect().top);
      for (const animation of element.getAnimations()) {
        if (animation.id === 'travel') animation.cancel();
      }
    }
    return tops;
  }

  #travel(before) {
    const below = this.body.getBoundingClientRect().bottom;
    const journeys = [];
    for (const [id, { element }] of this.#rows) {
      const top = element.getBoundingClientRect().top;
      const from = before.get(id) ?? below;
      if (Math.abs(from - top) > 1) journeys.push({ element, by: from - top });
    }
    for (const { element, by } of journeys) {
      element.classList.toggle('rising', by > 0);
      element.animate([{ transform: `translateY(${by}px)` }, { transform: 'none' }],
        { ...travel, id: 'travel' }).onfinish = () => element.classList.remove('rising');
    }
  }
}
