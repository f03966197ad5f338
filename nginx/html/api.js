// SPDX-License-Identifier: Apache-2.0
// The HTTP side. Three things can happen to a request: an answer, a Refusal (the server said no,
// and in what words), or NoAnswer (nobody knows whether the server acted).

import { query } from './period.js';
import * as session from './session.js';

const patience_ms = 10_000;

export class NoAnswer extends Error {}

export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.message || problem.title || `The server answered ${status}.`);
    this.status = status;
    this.code = problem.code || '';
    this.kind = (problem.type || '').split('#')[1] || '';
    this.field = problem.details?.field || '';
    this.reason = problem.details?.reason || '';
    this.requestId = problem.request_id || '';
    this.retryAfter = retryAfter;  // seconds, or null
  }
}

// Signed timestamps must be close to the server's time, and players' clocks are not. Every answer
// carries a Date; a difference of less than half a minute is the network's and the header's
// rounding, and is left alone.
let ahead_ms = 0;
export const serverTime = () => new Date(Date.now() + ahead_ms);

function compareClocks(response) {
  const date = Date.parse(response.headers.get('date') || '');
  if (Number.isNaN(date)) return;
  const difference = date - Date.now();
  ahead_ms = Math.abs(difference) < 30_000 ? 0 : difference;
}

function retryAfterOf(response) {
  const seconds = Number.parseInt(response.headers.get('retry-after') || '', 10);
  return Number.isNaN(seconds) ? null : Math.max(seconds, 1);
}

// A session is in cookies: two that are the server's business, and one with the session's CSRF
// token, which is ours to read and to show with whatever may change something. Browsers take such
// cookies over https and on localhost (Safari not there); elsewhere the tab keeps the tokens itself.
const kept = (name, value, more = '') => {
  document.cookie = `__Host-scoreboard-${name}=${value}; Secure; Path=/; SameSite=Strict${more}`;
};
const forget = (name) => kept(name, '', '; Max-Age=0');
const cookie = (name) =>
  document.cookie.match(`(?:^|; )__Host-scoreboard-${name}=([^;]+)`)?.[1] ?? '';

function takesCookies() {
  kept('probe', '1');
  const taken = cookie('probe') === '1';
  forget('probe');
  return taken;
}

function shown(player) {
  if (!player) return {};
  if (player.access_token) return { authorization: `Bearer ${player.access_token}` };
  return { 'x-csrf-token': player.csrf_token };
}

async function exchange(method, path, { body, player, headers = {} } = {}) {
  const sent = { accept: 'application/json', ...shown(player), ...headers };
  if (body !== undefined) sent['content-type'] = 'application/json';
  try {
    const response = await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: AbortSignal.timeout(patience_ms),
    });
    compareClocks(response);
    const text = await response.text();
    return { response, content: text ? JSON.parse(text) : null };
  } catch (error) {
    throw new NoAnswer(error.message);  // Also an answer that is not JSON: not from our server.
  }
}

async function request(method, path, options) {
  const { response, content } = await exchange(method, path, options);
  if (response.ok) return content;
  throw new Refusal(response.status, content ?? {}, retryAfterOf(response));
}

const byCookie = () => request('POST', '/api/auth/refresh', {
  body: { session: 'cookie' },
  player: { csrf_token: cookie('csrf') },
});

// In another tab somebody else may have logged in: the cookies are theirs, and so is this tab.
const adopt = (answer) =>
  (answer.user.id === session.current()?.user.id ? session.renew : session.begin)(answer);

// One refresh at a time: parallel callers share the outcome.
let refreshing = null;
function refreshOnce(stale) {
  if (session.current() !== stale) return Promise.resolve();  // Done meanwhile.
  const refreshed = refreshing ? null : stale.access_token
    ? request('POST', '/api/auth/refresh', { body: { refresh_token: stale.refresh_token } })
    : byCookie();
  refreshing ??= refreshed.then(adopt, (error) => {
    if (error instanceof Refusal && error.status < 500 && error.status !== 429) {
      session.end('Your session is over. Log in to go on.');
    }
    throw error;
  }).finally(() => { refreshing = null; });
  return refreshing;
}

// As the player of this tab. `options` may be a function of the session, because what it signs
// must be made with the session in force.
async function asPlayer(method, path, options = {}) {
  for (let attempt = 1; ; attempt++) {
    const player = session.current();
    if (!player) throw new Refusal(401, { message: 'Log in first.' }, null);
    // Another tab logged out, or in, or was given a new token.
    if (attempt === 1 && !player.access_token && player.csrf_token !== cookie('csrf')) {
      await refreshOnce(player);
      continue;
    }
    const given = typeof options === 'function' ? await options(player) : options;
    try {
      return await request(method, path, { ...given, player });
    } catch (error) {
      if (attempt > 1 || !(error instanceof Refusal) || error.status !== 401) throw error;
      await refreshOnce(player);
    }
  }
}

export const register = (fields) => request('POST', '/api/auth/register', { body: fields });

export async function logIn(username, password) {
  const form = takesCookies() ? 'cookie' : 'bearer';
  const body = { username, password, session: form };
  session.begin(await request('POST', '/api/auth/login', { body }));
}

// A tab that is opened while another one plays goes on with its session.
export async function resume() {
  if (session.current() || !cookie('csrf')) return;
  try {
    session.begin(await byCookie());
  } catch (error) {
    if (error instanceof Refusal && error.status < 500 && error.status !== 429) forget('csrf');
  }
}

// The page forgets the session whatever the server answers: the player asked to be gone. Without
// the CSRF token no tab can use the cookies that an unreachable server did not remove.
export async function logOut() {
  const player = session.current();
  session.end();
  forget('csrf');
  if (player) await request('POST', '/api/auth/logout', { player }).catch(() => {});
}

export const ownStanding = () => asPlayer('GET', `/api/scores/me${query}`);
export const realtimeToken = async () => (await asPlayer('GET', '/api/realtime/token')).token;
export const updateScore = (signed) =>
  asPlayer('POST', '/api/scores/update', async (player) => ({ body: await signed(player) }));

// The board, or null when it is still the one we have.
let etag = '';
export async function board() {
  const headers = etag ? { 'if-none-match': etag } : {};
  const { response, content } = await exchange('GET', `/api/leaderboard${query}`, { headers });
  if (response.status === 304) return null;
  if (!response.ok) throw new Refusal(response.status, content ?? {}, retryAfterOf(response));
  etag = response.headers.get('etag') || '';
  return content.data;
}
