// SPDX-License-Identifier: Apache-2.0
// What a player can do: complete actions. The buttons stay focusable while they may not be used
// (aria-disabled), so that a keyboard does not lose its place.

import { Action } from './action.js';
import { logOut, NoAnswer } from './api.js';
import { canSign } from './signing.js';
import { toast } from './toasts.js';
import { count, ordinal } from './words.js';

export class Player {
  #busy = false;
  #pending = new Map();  // actions in doubt, by type: sent again they still count once
  #ticking = 0;

  // awarded(receipt | null): null when it was counted but the receipt got lost.
  constructor(section, awarded) {
    this.awarded = awarded;
    this.title = section.querySelector('h2');
    this.pause = section.querySelector('.pause');
    this.buttons = [...section.querySelectorAll('[data-action]')];
    for (const button of this.buttons) {
      button.addEventListener('click', () => this.#complete(button));
    }
    section.querySelector('#logout').addEventListener('click', () => logOut());
    if (!canSign()) this.#forbid('Signing needs a secure page. Open this one over https or on localhost.');
  }

  begin({ user }) {
    this.title.textContent = user.display_name || user.username;
    this.#pending.clear();
    this.#allow();
  }

  async #complete(button) {
    if (this.#busy || button.getAttribute('aria-disabled') === 'true') return;
    const type = button.dataset.action;
    const action = this.#pending.get(type) ?? new Action(type);
    this.#busy = true;
    button.setAttribute('aria-busy', 'true');
    try {
      const receipt = await action.send();
      this.#pending.delete(type);
      this.#tell(button, receipt);
      this.awarded(receipt);
    } catch (error) {
      this.#refused(error, action);
    } finally {
      this.#busy = false;
      button.removeAttribute('aria-busy');
    }
  }

  #tell(button, receipt) {
    if (!receipt) return toast('Counted. The receipt got lost on the way, the points did not.', 'award');
    const worth = `+${count(receipt.score_increment)}`;
    button.querySelector('.worth').textContent = worth;
    toast(`${worth}, now ${ordinal(receipt.current_rank)}`, 'award');
  }

  #refused(error, action) {
    if (error instanceof NoAnswer || error.status >= 502) {
      this.#pending.set(action.type, action);
      toast('No answer yet. Press again: it will count once, however often it is sent.', 'warn');
    } else {
      this.#pending.delete(action.type);
      if (error.status === 429) this.#wait(error.retryAfter ?? 60);
      else if (error.status !== 401) toast(error.message, 'warn');
    }
  }

  // Counts by the clock, not by ticks: a sleeping tab has no ticks.
  #wait(seconds) {
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) return this.#allow();
      this.#forbid(`Well played. You can go on in ${left} s.`);
    };
    clearInterval(this.#ticking);
    this.#ticking = setInterval(tick, 250);
    tick();
  }

  #forbid(text) {
    this.pause.textContent = text;
    for (const button of this.buttons) button.setAttribute('aria-disabled', 'true');
  }

  #allow() {
    clearInterval(this.#ticking);
    if (!canSign()) return;
    this.pause.textContent = '';
    for (const button of this.buttons) button.removeAttribute('aria-disabled');
  }
}
