// SPDX-License-Identifier: Apache-2.0
// How long to wait before trying again: exponential with full jitter, so that ten thousand pages
// cut off by the same restart come back spread out and not in step.

export const shortest_ms = 500;
export const longest_ms = 20_000;

// `failures` counts from 0; `random` is passed in by tests.
export function fullJitter(failures, random = Math.random) {
  const ceiling = Math.min(longest_ms, shortest_ms * 2 ** Math.min(failures, 16));
  return Math.round(random() * ceiling);
}
