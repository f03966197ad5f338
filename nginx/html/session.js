// SPDX-License-Identifier: Apache-2.0
// Who is playing in this tab, and what the session signs with. The tokens are in cookies that no
// script can read, and another tab goes on with them (api.js). What is kept here, for a reload, is
// gone when the tab is closed.

const slot = 'scoreboard.session';
const listeners = new Set();
let held = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(slot));
  } catch {
    return null;  // Storage is switched off, or holds something that is not ours.
  }
}

function write(value) {
  held = value;
  try {
    if (value) sessionStorage.setItem(slot, JSON.stringify(value));
    else sessionStorage.removeItem(slot);
  } catch {
    // Without storage the session lasts until the page is left.
  }
}

export const current = () => held;

// `listener(session, reason)`; session is null after the end, reason says why it ended.
export function onChange(listener) {
  listeners.add(listener);
}

export function begin(answer) {
  write(answer);
  for (const listener of listeners) listener(held, '');
}

// Rotation keeps the player; nobody has to be told.
export function renew(answer) {
  write({ ...held, ...answer });
}

export function end(reason = '') {
  if (!held) return;
  write(null);
  for (const listener of listeners) listener(null, reason);
}
