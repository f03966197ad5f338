// SPDX-License-Identifier: Apache-2.0
// Which board the page shows: ?period=day, week or month, one that begins again; otherwise that of all
// time.

const titles = { day: 'Top ten today', week: 'Top ten this week', month: 'Top ten this month' };
const asked = new URLSearchParams(location.search).get('period');

export const period = Object.hasOwn(titles, asked) ? asked : '';
export const query = period && `?period=${period}`;
export const channel = `/ws/leaderboard${period && `/${period}`}`;

export function start(links, title) {
  if (period) title.textContent = titles[period];
  links.querySelector(`[href="/${query}"]`).setAttribute('aria-current', 'page');
}
