// SPDX-License-Identifier: Apache-2.0
// Whether this person wants things to move. Asked each time, because the setting may change.

const query = matchMedia('(prefers-reduced-motion: no-preference)');

export const wanted = () => query.matches;

// A web animation, or nothing at all.
export function animate(element, frames, timing) {
  if (query.matches) element.animate(frames, timing);
}
