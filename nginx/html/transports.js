// SPDX-License-Identifier: Apache-2.0
// The two ways to hear from the server at once, made alike. open(url, on) calls on.opened(),
// on.message(text) and, at most once, on.closed(); it returns a function that closes in silence.

function openWebSocket(url, on) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'));
  socket.onopen = on.opened;
  socket.onmessage = (event) => on.message(event.data);
  socket.onclose = on.closed;
  return () => {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  };
}

// EventSource would reconnect by itself, in step with everybody else and with an old address. We
// close it at its first error and come back in our own time.
function openEventStream(url, on) {
  const stream = new EventSource(url);
  stream.onopen = on.opened;
  stream.onmessage = (event) => on.message(event.data);
  stream.onerror = () => {
    stream.close();
    on.closed();
  };
  return () => {
    stream.onopen = stream.onmessage = stream.onerror = null;
    stream.close();
  };
}

// Best first; only what this browser has.
export function transports() {
  const ways = [];
  if (typeof WebSocket === 'function') ways.push({ name: 'websocket', open: openWebSocket });
  if (typeof EventSource === 'function') ways.push({ name: 'eventsource', open: openEventStream });
  return ways;
}
