// SPDX-License-Identifier: Apache-2.0
// One live connection that is kept up. It goes in rounds: WebSocket, and if that cannot be
// had EventSource at once. After a round without success it waits (full jitter, longer each time)
// and begins the next one at the top again. A page nobody looks at begins no round.

import { fullJitter } from './backoff.js';
import { transports } from './transports.js';

const patience_ms = 4_000;    // to open, and to be greeted where the server greets
const settled_ms = 5_000;     // a connection that lived this long has earned a fresh start
const promotion_ms = 60_000;  // how often an event stream asks whether a WebSocket would do now

export class Channel {
  #failures = 0;
  #up = null;        // { name, close, since }
  #trying = null;    // closes the attempt that is under way
  #timer = 0;
  #round = 0;        // attempts of an earlier round are told apart by its number
  #stopped = false;

  // address: () => url, may be async and may throw. greets: the server says something on connect,
  // so that a connection on which nothing arrives is none. on: message(text), up(name), lost() when
  // a connection ended, failed() when a round led nowhere.
  constructor({ address, greets, on }) {
    this.address = address;
    this.greets = greets;
    this.on = on;
    this.onVisible = () => { if (!document.hidden) this.retryNow(); };
    this.onOnline = () => this.retryNow();
    document.addEventListener('visibilitychange', this.onVisible);
    addEventListener('online', this.onOnline);
  }

  get connected() { return this.#up !== null; }

  start() { this.#begin(); }

  stop() {
    this.#stopped = true;
    this.#cut();
    document.removeEventListener('visibilitychange', this.onVisible);
    removeEventListener('online', this.onOnline);
  }

  // There is a reason to believe that it would work now.
  retryNow() {
    if (this.#stopped || this.#up || this.#trying) return;
    this.#failures = 0;
    this.#begin();
  }

  // The connection looks open and is not: drop it and come back.
  restart() {
    if (this.#stopped || !this.#up) return;
    this.#cut();
    this.on.lost();
    this.#later(fullJitter(0));
  }

  #cut() {
    this.#round++;
    clearTimeout(this.#timer);
    this.#trying?.();
    this.#up?.close();
    this.#trying = this.#up = null;
  }

  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { if (!document.hidden) this.#begin(); }, ms);
  }

  async #begin() {
    clearTimeout(this.#timer);
    const round = ++this.#round;
    let abandoned = false;
    this.#trying = () => { abandoned = true; };
    for (const way of transports()) {
      const opened = await this.#attempt(way, round);
      if (abandoned || round !== this.#round) return opened?.close();
      if (opened) return this.#adopt(opened);
    }
    if (abandoned || round !== this.#round) return;
    this.#trying = null;
    this.on.failed();
    this.#later(fullJitter(this.#failures++));
  }

  // Resolves with an open connection, or with null when this way led nowhere.
  async #attempt(way, round) {
    let url;
    try {
      url = new URL(await this.address(), location.href).href;
    } catch {
      return null;
    }
    if (round !== this.#round) return null;
    return new Promise((resolve) => {
      const connection = { name: way.name, since: 0, close: () => {}, lost: () => {} };
      let pending = true;
      const settle = (value) => {
        if (!pending) return;
        pending = false;
        clearTimeout(limit);
        connection.since = performance.now();
        if (!value) connection.close();
        resolve(value);
      };
      const limit = setTimeout(() => settle(null), patience_ms);
      try {
        connection.close = way.open(url, {
          opened: () => { if (!this.greets) settle(connection); },
          message: (text) => { settle(connection); this.on.message(text); },
          closed: () => (pending ? settle(null) : connection.lost()),
        });
      } catch {
        settle(null);
      }
    });
  }

  #adopt(connection) {
    this.#up?.close();
    this.#trying = null;
    this.#up = connection;
    connection.lost = () => {
      if (this.#up !== connection) return;
      this.#up = null;
      this.#round++;
      if (performance.now() - connection.since > settled_ms) this.#failures = 0;
      this.on.lost();
      this.#later(fullJitter(this.#failures++));
    };
    this.on.up(connection.name);
    if (this.greets && connection.name !== transports()[0].name) this.#promote();
  }

  // While the second best works, ask for the best beside it and change over when it answers.
  #promote() {
    this.#timer = setTimeout(async () => {
      const round = this.#round;
      const better = document.hidden ? null : await this.#attempt(transports()[0], round);
      if (round !== this.#round || !this.#up) return better?.close();
      if (better) this.#adopt(better);
      else this.#promote();
    }, promotion_ms * (0.75 + Math.random() / 2));
  }
}
