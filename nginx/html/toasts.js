// SPDX-License-Identifier: Apache-2.0
// Short messages at the edge of the page; the container is a polite live region.

import { animate } from './motion.js';

const shown_ms = 5_000;
const shown_max = 3;
const container = document.getElementById('toasts');

export function toast(text, kind = 'plain') {
  const element = document.createElement('p');
  element.className = `toast ${kind}`;
  element.textContent = text;
  container.append(element);
  while (container.childElementCount > shown_max) container.firstElementChild.remove();
  animate(element, [{ transform: 'translateY(1rem)', opacity: 0 }, { transform: 'none', opacity: 1 }], 220);
  setTimeout(() => element.remove(), shown_ms);
}
