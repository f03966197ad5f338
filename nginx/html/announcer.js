// SPDX-License-Identifier: Apache-2.0
// Tells those who hear the page what happened on the board: sentences, not cells, and at most one
// announcement in five seconds, because speech queues up. Compares the board that was announced
// last with the newest one, so what came and went in between is not told.

import { ordinal, points } from './words.js';

const spacing_ms = 5_000;
const sentences_max = 2;

function sentences(before, after, own) {
  const earlier = new Map(before.map((standing) => [standing.user_id, standing]));
  const told = [];
  for (const { user_id: id, username, rank, score } of after) {
    const was = earlier.get(id);
    const mine = id === own;
    const name = mine ? 'You' : username;
    const verb = (word) => (mine ? word : `${word}s`);
    if (!was) {
      told.push({ mine, rank, text: `${name} ${verb('enter')} the board at ${ordinal(rank)}.` });
    } else if (rank < was.rank) {
      told.push({ mine, rank, text: rank === 1
        ? `${name} ${verb('take')} the lead.`
        : `${name} ${verb('move')} to ${ordinal(rank)}.` });
    } else if (mine && rank > was.rank) {
      told.push({ mine, rank, text: `You fall to ${ordinal(rank)}.` });
    } else if (rank === 1 && score > was.score && !mine) {
      told.push({ mine, rank: 99, text: `${name} leads with ${points(score)}.` });
    }
  }
  told.sort((a, b) => b.mine - a.mine || a.rank - b.rank);
  return told.slice(0, sentences_max).map(({ text }) => text).join(' ');
}

export class Announcer {
  #told = null;
  #newest = null;
  #timer = 0;
  #last = -spacing_ms;

  constructor(region) {
    this.region = region;
    this.own = '';
  }

  // The first board is not news.
  board({ leaderboard }) {
    this.#newest = leaderboard;
    if (this.#told === null) this.#told = leaderboard;
    else if (!this.#timer) {
      const wait = Math.max(0, this.#last + spacing_ms - performance.now());
      this.#timer = setTimeout(() => this.#tell(), wait);
    }
  }

  #tell() {
    this.#timer = 0;
    const text = sentences(this.#told, this.#newest, this.own);
    this.#told = this.#newest;
    if (!text) return;
    this.#last = performance.now();
    this.region.textContent = text;
  }
}
