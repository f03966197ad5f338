// SPDX-License-Identifier: Apache-2.0
// Who is playing in this tab. sessionStorage, not localStorage, for two reasons: the keys are gone
// when the tab is closed, and refresh tokens rotate - the server takes the second use of one
// for theft and ends the session, which is what two tabs sharing a stored token would run into.
// A reload keeps the session; another tab logs in for itself.

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
