// SPDX-License-Identifier: Apache-2.0
// ?kiosk=1: the board alone, as large as the screen, which is kept awake if the browser lets us.

async function keepAwake() {
  try {
    await navigator.wakeLock?.request('screen');
  } catch {
    // Not allowed here, or the tab is hidden; the board works all the same.
  }
}

export function start() {
  if (new URLSearchParams(location.search).get('kiosk') !== '1') return;
  document.documentElement.classList.add('kiosk');
  document.getElementById('address').textContent = location.host;
  keepAwake();
  document.addEventListener('visibilitychange', () => { if (!document.hidden) keepAwake(); });
}
