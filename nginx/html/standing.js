// SPDX-License-Identifier: Apache-2.0
// The player's own place, on the board or far below it. Three sources tell it: the board itself,
// receipts, and GET /api/scores/me. Scores of all time only rise, so what knows a lower one is late.

import { ownStanding, realtimeToken } from './api.js';
import { Channel } from './channel.js';
import { period } from './period.js';
import { toast } from './toasts.js';
import * as session from './session.js';

const spacing_ms = 1_500;  // between questions; a busy board must not eat the address's allowance

export class Standing {
  #own = null;       // { rank, score }
  #onBoard = false;
  #channel = null;
  #timer = 0;
  #asked = -spacing_ms;

  // changed({ rank, score } | null)
  constructor(changed) {
    this.changed = changed;
  }

  begin() {
    this.#own = null;
    this.refresh();
    this.#channel?.stop();
    this.#channel = new Channel({
      address: async () => `/ws/me?token=${encodeURIComponent(await realtimeToken())}`,
      greets: false,
      on: { message: (text) => this.#heard(text), up() {}, lost() {}, failed() {} },
    });
    this.#channel.start();
  }

  end() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#channel?.stop();
    this.#channel = this.#own = null;
    this.#onBoard = false;
    this.changed(null);
  }

  // Between two boards anybody may have passed a player who is not on them.
  board({ leaderboard }) {
    const me = session.current()?.user.id;
    if (!me) return;
    const found = leaderboard.find(({ user_id: id }) => id === me);
    this.#onBoard = Boolean(found);
    if (found) this.#set(found);
    else this.refresh();
  }

  receipt({ new_score: score, current_rank: rank }) {
    if (!period && !this.#onBoard) this.#set({ rank, score });
    this.refresh();
  }

  refresh() {
    if (this.#timer) return;
    const wait = Math.max(0, this.#asked + spacing_ms - performance.now());
    this.#timer = setTimeout(() => this.#ask(), wait);
  }

  async #ask() {
    this.#asked = performance.now();
    let again = 0;
    try {
      const answer = await ownStanding();
      if (!this.#onBoard || answer.score > this.#own.score) this.#set(answer);
    } catch (error) {
      again = (error.retryAfter ?? 0) * 1000;  // Otherwise the next change asks again.
    }
    this.#timer = 0;
    if (again && session.current()) this.#timer = setTimeout(() => this.#ask(), again);
  }

  #heard(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message.type === 'SESSION_REPLACED') {
      // Coming back would close the next tab, which would come back in turn.
      this.#channel?.stop();
      toast('You are open in too many tabs. This one hears of you with the board only.', 'warn');
    } else if (message.type === 'user_score_updated') {
      if (message.newScore > (this.#own?.score ?? -1)) this.refresh();
    }
  }

  #set({ rank, score }) {
    if (!session.current() || (!period && this.#own && score < this.#own.score)) return;
    if (this.#own?.rank === rank && this.#own.score === score) return;
    this.#own = { rank, score };
    this.changed(this.#own);
  }
}
