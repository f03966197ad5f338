// SPDX-License-Identifier: Apache-2.0
// The board as it changes. States, in the order of our liking:
//   live       WebSocket             fallback  EventSource
//   polling    the snapshot every three seconds, while the channel goes on trying
//   connecting nothing yet           offline   not even the snapshot can be had
// Boards carry a version and arrive by several ways at once; the highest is kept.

import { board } from './api.js';
import { fullJitter } from './backoff.js';
import { Channel } from './channel.js';

const poll_ms = 3_000;
const check_ms = 60_000;  // how often a quiet connection has to prove that it is not deaf
const grace_ms = 2_000;   // the snapshot may be ahead of the connection by this much

export class Live {
  #version = -1;
  #updatedAt = 0;
  #way = '';           // the transport that is up
  #roundsFailed = 0;   // since the last connection
  #pollsFailed = 0;    // since the last answer
  #timer = 0;
  #state = '';

  // on: board({leaderboard, updated_at, version}), state(name)
  constructor(path, on) {
    this.on = on;
    this.channel = new Channel({
      address: () => path,
      greets: true,
      on: {
        message: (text) => this.#heard(text),
        up: (name) => { this.#way = name; this.#roundsFailed = 0; this.#changed(); },
        lost: () => { this.#way = ''; this.#changed(); },
        failed: () => { this.#roundsFailed++; this.#changed(); },
      },
    });
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#look(); });
    addEventListener('offline', () => this.#look());
  }

  // The snapshot and the connection are asked for together: whoever answers first is shown.
  start() {
    this.#changed();
    this.channel.start();
    this.#look();
  }

  #changed() {
    const state = this.#way === 'websocket' ? 'live'
      : this.#way === 'eventsource' ? 'fallback'
      : this.#roundsFailed === 0 ? 'connecting'
      : this.#pollsFailed > 0 ? 'offline'
      : 'polling';
    if (state === this.#state) return;
    this.#state = state;
    this.on.state(state);
    this.#schedule();
  }

  #schedule(ms = this.#way ? check_ms : poll_ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  async #look() {
    if (document.hidden) return;  // visibilitychange comes back here
    let wait;
    try {
      const data = await board();
      if (data && this.#newer(data) && this.#way) this.#doubt(data);
      else if (data) this.#accept(data);
      if (this.#pollsFailed > 0) this.channel.retryNow();  // The server is back.
      this.#pollsFailed = 0;
    } catch (error) {
      wait = error.retryAfter ? error.retryAfter * 1000 : 1_000 + fullJitter(this.#pollsFailed);
      this.#pollsFailed++;
    }
    this.#changed();
    this.#schedule(wait);
  }

  // The snapshot knows more than an open connection has told. That is nothing for a moment; if it
  // stays so the connection is deaf (a laptop that slept, a proxy that forgot us).
  #doubt(data) {
    setTimeout(() => {
      if (!this.#newer(data)) return;
      this.#accept(data);
      this.channel.restart();
    }, grace_ms);
  }

  #heard(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message?.type === 'LEADERBOARD_UPDATE' && message.data) this.#accept(message.data);
  }

  // A lower version that is younger comes from a database that was begun anew.
  #newer({ version, updated_at }) {
    return version > this.#version
      || (version < this.#version && Date.parse(updated_at) > this.#updatedAt);
  }

  #accept(data) {
    if (!Array.isArray(data.leaderboard) || !this.#newer(data)) return;
    this.#version = data.version;
    this.#updatedAt = Date.parse(data.updated_at);
    this.on.board(data);
  }
}
