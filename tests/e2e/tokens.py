# SPDX-License-Identifier: Apache-2.0
"""Access tokens as an attacker, or a test with the board's own key, would make them."""
import base64
import hashlib
import hmac
import json
import secrets
import time


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def own_key(board):
    """(id, key) that the board signs its access tokens with."""
    key = json.loads((board.data / "keys" / "access.jwks").read_text())["keys"][0]
    return key["kid"], base64.urlsafe_b64decode(key["k"] + "==")


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def forge(claims, key_id, key, **header):
    """Signed HS256 with `key`; `header` replaces or adds members of the header."""
    head = {"alg": "HS256", "kid": key_id, "typ": "at+jwt", **header}
    text = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
    return f"{text}.{base64url(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def expired(player):
    """The player's own token as it will be an hour and a minute later."""
    claims = claims_of(player.access_token)
    now = int(time.time())
    return forge({**claims, "iat": now - 3660, "exp": now - 60}, *own_key(player.board))


def foreign(player):
    """With the right claims and key id, by somebody who does not have the key."""
    key_id, _ = own_key(player.board)
    return forge(claims_of(player.access_token), key_id, secrets.token_bytes(32))
