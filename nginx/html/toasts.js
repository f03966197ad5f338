// SPDX-License-Identifier: Apache-2.0
// Short messages at the edge of the page; the container is a polite live region.

import { animate } from './motion.js';

const shown_ms = 5_000;
const rise = [{ transform: 'translateY(1rem)', opacity: 0 }, { transform: 'none', opacity: 1 }];
const container = document.getElementById('toasts');

// One at a time: ten awards in a row do not bury the board.
export function toast(text, kind) {
  container.replaceChildren();
  const element = document.createElement('p');
  element.className = `toast ${kind}`;
  element.textContent = text;
  container.append(element);
  animate(element, rise, 220);
  setTimeout(() => element.remove(), shown_ms);
}
