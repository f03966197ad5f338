// SPDX-License-Identifier: Apache-2.0
// Lists the parts of the page and connects them; decides nothing.

import { Announcer } from './announcer.js';
import { resume } from './api.js';
import { Board } from './board.js';
import * as forms from './forms.js';
import * as kiosk from './kiosk.js';
import { Live } from './live.js';
import * as period from './period.js';
import { Pinned } from './pinned.js';
import { Player } from './player.js';
import * as session from './session.js';
import { Standing } from './standing.js';
import { toast } from './toasts.js';

const states = {
  connecting: 'Connecting',
  live: 'Live',
  fallback: 'Live, by event stream',
  polling: 'Every 3 seconds',
  offline: 'Offline, trying again',
};
const at = (id) => document.getElementById(id);

kiosk.start();
period.start(at('boards'), at('title'));
const board = new Board(at('board'));
const pinned = new Pinned(at('own'));
const announcer = new Announcer(at('news'));
const player = new Player(at('player'), (receipt) => {
  if (receipt) standing.receipt(receipt);
  else standing.refresh();
});
const standing = new Standing((own) => { pinned.own = player.own = own; });
forms.start(at('welcome'));

const live = new Live(period.channel, {
  board(data) {
    board.render(data);
    pinned.board = data;
    announcer.board(data);
    standing.board(data);
  },
  state(name) {
    at('connection').dataset.state = name;
    at('connection-text').textContent = states[name];
  },
});

function show(playing) {
  at('welcome').hidden = Boolean(playing);
  at('player').hidden = !playing;
  board.own = announcer.own = playing?.user.id ?? '';
  pinned.session = playing;
  if (playing) {
    player.begin(playing);
    standing.begin();
  } else {
    standing.end();
  }
}

session.onChange((playing, reason) => {
  show(playing);
  if (reason) toast(reason, 'warn');
  // The focus was on something that is gone now.
  (playing ? at('complete') : at('welcome').querySelector('[aria-pressed=true]')).focus();
});
show(session.current());
resume();
live.start();
