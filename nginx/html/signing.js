// SPDX-License-Identifier: Apache-2.0
// The two signatures of an action. The key is the text the server handed out, byte for byte as
// ASCII (it happens to look like hex; it is not decoded). WebCrypto exists in secure contexts only:
// https, or http on localhost and 127.0.0.1.

const ascii = new TextEncoder();

export const canSign = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle);

async function hmacHex(key, text) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const { subtle } = crypto;
  const imported = await subtle.importKey('raw', ascii.encode(key), algorithm, false, ['sign']);
  const mac = await subtle.sign('HMAC', imported, ascii.encode(text));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Contract A, POST /api/scores/update: the fields one after the other, nothing in between.
export function signUpdate(key, { actionId, actionType, timestamp }) {
  return hmacHex(key, actionId + actionType + timestamp);
}

// Contract B, POST /api/scores/increment: one field a line, below the version of the format.
export async function signIncrement(key, { userId, actionId, delta, nonce, timestamp }) {
  return 'v1=' + await hmacHex(key, ['v1', userId, actionId, delta, nonce, timestamp].join('\n'));
}
