// SPDX-License-Identifier: Apache-2.0
// What a player can do: complete actions. The buttons stay focusable while they may not be used
// (aria-disabled), so that a keyboard does not lose its place.

import { Action } from './action.js';
import { logOut, NoAnswer } from './api.js';
import { canSign } from './signing.js';
import { toast } from './toasts.js';
import { count, ordinal, points } from './words.js';

export class Player {
  #busy = false;
  #worth = new Map();    // what an action of this type brought last time
  #pending = new Map();  // actions in doubt, by type: sent again they still count once
  #ticking = 0;

  // awarded(receipt | null): null when it was counted but the receipt got lost.
  constructor(section, awarded) {
    this.awarded = awarded;
    this.title = section.querySelector('h2');
    this.lead = section.querySelector('.lead');
    this.pause = section.querySelector('.pause');
    this.buttons = [...section.querySelectorAll('[data-action]')];
    for (const button of this.buttons) {
      button.addEventListener('click', () => this.#complete(button));
    }
    section.querySelector('#logout').addEventListener('click', () => logOut());
    if (!canSign()) {
      this.#forbid('Signing needs a secure page. Open this one over https or on localhost.');
    }
  }

  begin({ user }) {
    this.userId = user.id;
    this.title.textContent = user.display_name || user.username;
    this.#pending.clear();
    this.#allow();
  }

  // { rank, score } or null while it is not known.
  set own(own) {
    this.lead.textContent = !own ? '' : own.score === 0
      ? 'Not on the board yet: one task changes that.'
      : `${ordinal(own.rank)} with ${points(own.score)}`;
  }

  async #complete(button) {
    if (this.#busy || button.getAttribute('aria-disabled') === 'true') return;
    const type = button.dataset.action;
    const action = this.#pending.get(type) ?? new Action(type, this.userId);
    this.#busy = true;
    button.setAttribute('aria-busy', 'true');
    try {
      const receipt = await action.send();
      this.#pending.delete(type);
      this.#tell(action.type, receipt);
      this.awarded(receipt);
    } catch (error) {
      this.#refused(error, action);
    } finally {
      this.#busy = false;
      button.removeAttribute('aria-busy');
    }
  }

  #tell(type, receipt) {
    if (!receipt) {
      return toast('Counted. The receipt got lost on the way, the points did not.', 'award');
    }
    const worth = `+${count(receipt.score_increment)}`;
    this.#worth.set(type, worth);
    this.#show('');
    toast(`${worth}, now ${ordinal(receipt.current_rank)}`, 'award');
  }

  #refused(error, action) {
    if (error.status === 429) {
      this.#pending.set(action.type, action);  // Not counted, or counted in an earlier attempt.
      this.#wait(error.retryAfter ?? 60);
      toast(this.pause.textContent, 'warn');
    } else if (error instanceof NoAnswer || error.status >= 502) {
      this.#pending.set(action.type, action);
      toast('No answer yet. Press again: it will count once, however often it is sent.', 'warn');
    } else {
      this.#pending.delete(action.type);
      if (error.status !== 401) toast(error.message, 'warn');
    }
  }

  // Counts by the clock, not by ticks: a sleeping tab has no ticks.
  #wait(seconds) {
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) {
        this.#allow();
        return toast('You can go on.', 'warn');
      }
      this.#forbid(`Well played. You can go on in ${left}\u00a0s.`);
      this.#show(`${left} s`);
    };
    clearInterval(this.#ticking);
    this.#ticking = setInterval(tick, 250);
    tick();
  }

  // The number at the right of each button: what it brought, or how long to wait.
  #show(wait) {
    for (const button of this.buttons) {
      const worth = this.#worth.get(button.dataset.action) ?? '';
      button.querySelector('.worth').textContent = button.id === 'complete' && wait ? wait : worth;
    }
  }

  #forbid(text) {
    this.pause.textContent = text;
    for (const button of this.buttons) button.setAttribute('aria-disabled', 'true');
  }

  #allow() {
    clearInterval(this.#ticking);
    this.#show('');
    if (!canSign()) return;
    this.pause.textContent = '';
    for (const button of this.buttons) button.removeAttribute('aria-disabled');
  }
}
