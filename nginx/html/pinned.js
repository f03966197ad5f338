// SPDX-License-Identifier: Apache-2.0
// The row under the board: the player's own place wherever it is, and what it takes to climb. It
// is always there, so that nothing shifts when somebody logs in.

import { places } from './board.js';
import { Plates } from './numerals.js';
import { count } from './words.js';

function note(own, standings) {
  if (!own) return 'Finding your place';
  if (own.score === 0) return 'Complete a task to get on the board';
  if (own.rank === 1) {
    const lead = own.score - (standings[1]?.score ?? own.score);
    return lead > 0 ? `In the lead by ${count(lead)}` : 'In the lead';
  }
  if (own.rank > places) {
    const last = standings[places - 1];
    return last ? `${count(last.score - own.score + 1)} more for the top ten` : '';
  }
  const above = standings[own.rank - 2];
  if (!above) return '';
  const gap = above.score - own.score;
  return gap > 0
    ? `${count(gap)} behind ${above.username}`
    : `Level with ${above.username}, who was first`;
}

export class Pinned {
  #session = null;
  #own = null;
  #standings = [];

  constructor(row) {
    this.row = row;
    this.name = row.querySelector('.name');
    this.note = row.querySelector('.note');
    this.rank = new Plates();
    this.score = new Plates();
    row.querySelector('.medal').append(this.rank.element);
    row.querySelector('.score').append(this.score.element);
    this.#render();
  }

  set session(session) { this.#session = session; this.#render(); }
  set own(own) { this.#own = own; this.#render(); }
  set board({ leaderboard }) { this.#standings = leaderboard; this.#render(); }

  #render() {
    const digits = Math.max(4, ...this.#standings.map(({ score }) => String(score).length));
    const player = this.#session?.user;
    const placed = player && this.#own && this.#own.score > 0;
    this.name.textContent = player ? player.display_name || player.username : 'Your name goes here';
    this.note.textContent = player
      ? note(this.#own, this.#standings) : 'Register, complete a task, be seen';
    this.rank.show(placed ? this.#own.rank : '', 1);
    this.score.show(player && this.#own ? this.#own.score : '', digits);
    this.row.classList.toggle('vacant', !player);
    this.row.dataset.rank = placed ? this.#own.rank : '';
    this.row.dataset.score = player && this.#own ? this.#own.score : '';
  }
}
