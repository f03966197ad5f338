// SPDX-License-Identifier: Apache-2.0
// One completed action, counted once. The action id is drawn once and every attempt carries it, so
// an answer that got lost on the way costs nothing: the server counts an id a single time. Each
// attempt is signed afresh with the time at which it is sent, because old timestamps are refused.

import { NoAnswer, Refusal, serverTime, updateScore } from './api.js';
import { fullJitter } from './backoff.js';
import { signUpdate } from './signing.js';

const attempts_max = 5;
const wait_ms_max = 8_000;  // A server that wants more time than this gets the player's say first.
const rest = (ms) => new Promise((done) => setTimeout(done, ms));

// Nothing that happened to this attempt tells whether the server counted it.
const inDoubt = (error) => error instanceof NoAnswer
  || (error instanceof Refusal && [502, 503, 504].includes(error.status));

export class Action {
  constructor(type, userId) {
    this.type = type;
    this.userId = userId;
    this.id = crypto.randomUUID();
    this.lost = false;  // An attempt went out whose answer never came.
  }

  // The receipt; null when it was counted but the receipt itself got lost. Throws a Refusal, or
  // NoAnswer after the last attempt: send() may then be called again, on the same object.
  async send() {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await updateScore((player) => this.#signed(player))).data;
      } catch (error) {
        if (error.status === 409 && error.code === 'DUPLICATE_ACTION' && this.lost) return null;
        // The refusal's Date has just set our clock (api.js): with the right time it may pass.
        if (error.kind === 'stale-timestamp' && attempt === 1) continue;
        if (!inDoubt(error)) throw error;
        this.lost = true;
        const wait = error.retryAfter ? error.retryAfter * 1000 : fullJitter(attempt) + 250;
        if (attempt === attempts_max || wait > wait_ms_max) throw error;
        await rest(wait);
      }
    }
  }

  async #signed(player) {
    if (player.user.id !== this.userId) {
      throw new Refusal(403, { message: 'This was another player\u2019s action.' }, null);
    }
    const fields = {
      actionId: this.id,
      actionType: this.type,
      timestamp: serverTime().toISOString(),
    };
    return {
      action_id: fields.actionId,
      action_type: fields.actionType,
      timestamp: fields.timestamp,
      signature: await signUpdate(player.action_secret_key, fields),
    };
  }
}
