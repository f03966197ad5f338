// SPDX-License-Identifier: Apache-2.0
// Numbers and times as people read them.

const rules = new Intl.PluralRules('en', { type: 'ordinal' });
const suffixes = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const grouped = new Intl.NumberFormat('en');
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

export const count = (number) => grouped.format(number);
export const ordinal = (rank) => count(rank) + suffixes[rules.select(rank)];
export const points = (number) => `${count(number)} ${number === 1 ? 'point' : 'points'}`;

export function clock(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : time.format(at);
}
