# SPDX-License-Identifier: Apache-2.0
"""Another issuer's token in, a session out, through Nginx."""
import hashlib
import hmac
import json
import time
import uuid

import pytest

from boards import eventually
from client import PASSWORD, Player, assert_problem, new_name, request
from issuer import Issuer, compact
from test_exactly_once import at_once


class World:
    """A board that believes two issuers: acme with a key of each kind, beta with PS256 only."""

    def __init__(self, make, directory):
        self.acme = Issuer(directory)
        self.keys = {name: self.acme.new_key(name, name) for name in ("RS256", "ES256", "EdDSA")}
        self.key = self.keys["ES256"]
        self.acme.publish(*self.keys.values())
        self.beta = Issuer(directory, "beta")
        self.beta_key = self.beta.new_key("PS256", "PS256")
        self.beta.publish(self.beta_key)
        self.board = make({**self.acme.environment(),
                           **self.beta.environment(algorithms="PS256", username_claim="")})


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    from boards import Board
    made = []

    def make(environment):
        made.append(Board(environment))
        return made[0].start()

    yield World(make, tmp_path_factory.mktemp("issuers"))
    made[0].stop()
    made[0].remove()


def exchange(board, token, **headers):
    return request(board, "POST", "/api/auth/exchange", {"token": token}, headers)


def subject():
    return f"user|{uuid.uuid4()}"


class ForeignPlayer(Player):
    def __init__(self, board, session):
        self.board = board
        self.id = session["user"]["id"]
        self.take(session)


@pytest.mark.sanitized
def test_a_token_becomes_a_session_that_plays(world):
    name = new_name("Wish")
    answer = exchange(world.board, world.acme.token(world.key, sub=subject(),
                                                    preferred_username=name))
    assert answer.status == 200, answer
    session = answer.json
    assert set(session) == {"access_token", "token_type", "expires_in", "refresh_token",
                            "action_secret_key", "nonce", "user"}
    assert session["user"]["username"] == session["user"]["display_name"] == name
    player = ForeignPlayer(world.board, session)
    assert player.update().status == 200
    assert player.increment().status == 200
    refreshed = request(world.board, "POST", "/api/auth/refresh",
                        {"refresh_token": player.refresh_token})
    assert refreshed.status == 200
    player.take(refreshed.json)
    assert player.get("/api/scores/me").json["score"] == 11
    assert request(world.board, "POST", "/api/auth/logout", headers=player.bearer).status == 204
    assert_problem(player.update(), 401)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_every_kind_of_key_is_believed(world, algorithm):
    token = world.acme.token(world.keys[algorithm], sub=subject())
    assert exchange(world.board, token).status == 200


def test_the_token_may_stand_in_the_header(world):
    token = world.acme.token(world.key, sub=subject())
    answer = request(world.board, "POST", "/api/auth/exchange",
                     headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 200, answer


def test_a_page_may_keep_the_session_in_cookies(world):
    body = {"token": world.acme.token(world.key, sub=subject()), "session": "cookie"}
    path = "/api/auth/exchange"
    for origin in (None, "https://evil.example"):
        headers = {"Origin": origin} if origin else {}
        assert_problem(request(world.board, "POST", path, body, headers), 403)
    answer = request(world.board, "POST", path, body, {"Origin": world.board.url})
    assert answer.status == 200, answer
    assert "access_token" not in answer.json and answer.json["csrf_token"]
    cookies = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie")]
    assert len(cookies) == 3
    mine = request(world.board, "GET", "/api/scores/me", headers={"Cookie": "; ".join(cookies)})
    assert mine.status == 200
    assert_problem(request(world.board, "POST", path, {**body, "session": "x"}), 400)


def test_what_an_issuer_may_write_is_taken(world):
    """Lists of audiences, fractions of seconds, no typ, the typ of RFC 9068."""
    now = time.time()
    for header, claims in (({}, {"aud": ["other", "our-board"]}),
                           ({}, {"iat": now, "exp": now + 600.25, "nbf": now - 0.5}),
                           ({"typ": None}, {}), ({"typ": "at+jwt"}, {}),
                           ({"typ": "application/JWT"}, {}), ({"x5t": "abc", "cty": "x"}, {}),
                           ({}, {"exp": int(now) - 55, "iat": int(now) - 60}),
                           ({}, {"iat": int(now) + 55}), ({}, {"nbf": int(now) + 55})):
        token = world.acme.token(world.key, header, sub=subject(), **claims)
        assert exchange(world.board, token).status == 200, (header, claims)


def test_a_subject_is_one_user_and_another_one_at_another_issuer(world):
    who = subject()
    wishes = [new_name(), new_name()]
    first = exchange(world.board, world.acme.token(world.key, sub=who,
                                                   preferred_username=wishes[0])).json
    again = exchange(world.board, world.acme.token(world.keys["RS256"], sub=who,
                                                   preferred_username=wishes[1])).json
    assert again["user"] == first["user"]
    assert again["access_token"] != first["access_token"]
    other = exchange(world.board, world.beta.token(world.beta_key, sub=who)).json
    assert other["user"]["id"] != first["user"]["id"]


def test_two_first_sights_at_once_make_one_user(world):
    who = subject()
    tokens = [world.acme.token(world.key, sub=who, preferred_username=new_name())
              for _ in range(4)]
    answers = at_once(16, lambda: exchange(world.board, tokens[uuid.uuid4().int % 4]))
    assert [answer.status for answer in answers] == [200] * 16
    assert len({answer.json["user"]["id"] for answer in answers}) == 1
    assert world.board.sql(
        f"SELECT count(*) FROM identities WHERE subject = '{who}'").strip() == "1"


@pytest.mark.parametrize("wish", ["taken", "a", "with space", "x" * 51, 7, None, ["a", "b"]])
def test_a_name_that_cannot_be_given_is_made_up(world, wish):
    if wish == "taken":
        wish = Player(world.board).name.upper()
    answer = exchange(world.board, world.acme.token(world.key, sub=subject(),
                                                    preferred_username=wish))
    assert answer.status == 200, answer
    assert answer.json["user"]["username"].startswith("player-")


def test_a_foreign_user_cannot_log_in_with_a_password(world):
    name = new_name()
    token = world.acme.token(world.key, sub=subject(), preferred_username=name)
    assert exchange(world.board, token).status == 200
    for password in ("", PASSWORD):
        answer = request(world.board, "POST", "/api/auth/login",
                         {"username": name, "password": password})
        assert_problem(answer, 401, "UNAUTHENTICATED")
    for absent in ("", " "):  # the mail address that such a user does not have
        answer = request(world.board, "POST", "/api/auth/login",
                         {"username": absent, "password": PASSWORD})
        assert answer.status in (400, 401), answer


def test_a_user_is_never_found_by_name_or_mail(world):
    """Or an issuer could take over whatever account it names."""
    victim = Player(world.board)
    token = world.acme.token(world.key, sub=victim.id, preferred_username=victim.name,
                             email=victim.email, email_verified=True)
    assert exchange(world.board, token).json["user"]["id"] != victim.id


def hs256(secret):
    return lambda text: hmac.new(secret, text, hashlib.sha256).digest()


def forgeries(world):
    """What is wrong -> the token, and the cause that the log names."""
    acme, key, rsa = world.acme, world.key, world.keys["RS256"]
    now = int(time.time())

    def token(header=None, **claims):
        return acme.token(key, header, sub="user|forged", **claims)

    public = json.dumps(rsa.jwk()).encode()
    header = {"alg": "HS256", "kid": rsa.kid, "typ": "JWT"}
    claims = acme.claims()
    sound = token()
    stranger = Issuer(acme.directory, "stranger")
    return {
        "expired": (token(iat=now - 700, exp=now - 61), "expired"),
        "not yet valid": (token(nbf=now + 300), "not valid yet"),
        "from the future": (token(iat=now + 300), "iat is in the future"),
        "good for too long": (token(iat=now, exp=now + 3601), "lives longer than allowed"),
        "no exp": (token(exp=None), "exp is missing"),
        "no iat": (token(iat=None), "iat is missing"),
        "exp as a text": (token(exp=str(now + 60)), "exp is missing or no time"),
        "another audience": (token(aud="other-board"), "another audience"),
        "a list without us": (token(aud=["other", "our"]), "another audience"),
        "no audience": (token(aud=None), "another audience"),
        "an unknown issuer": (acme.token(key, iss=stranger.url), "unknown issuer"),
        "almost its name": (token(iss=acme.url + "/"), "unknown issuer"),
        "no issuer": (token(iss=None), "iss is missing"),
        "another issuer's key": (world.beta.token(key), "kid names no key"),
        "no subject": (acme.token(key, sub=None), "sub is missing"),
        "an empty subject": (acme.token(key, sub=""), "sub is missing"),
        "a subject that is a number": (acme.token(key, sub=1), "sub is missing"),
        "too long a subject": (acme.token(key, sub="s" * 256), "sub is missing"),
        "made for something else": (token({"typ": "logout+jwt"}), "typ is neither"),
        "our own kind of type": (token({"typ": "rt+jwt"}), "typ is neither"),
        "an unknown key": (token({"kid": "acme-unknown"}), "kid names no key"),
        "no key of several": (token({"kid": None}), "kid names no key"),
        "another key's name": (token({"kid": rsa.kid, "alg": "RS256"}), "signature does not"),
        "another key's algorithm": (token({"alg": "RS256"}), "alg is not ES256"),
        "none": (compact({"alg": "none", "kid": key.kid}, claims, lambda _: b""), "alg is not"),
        "HMAC with the public JWK": (compact(header, claims, hs256(public)), "alg is not RS256"),
        "HMAC with the public PEM": (compact(header, claims, hs256(rsa.public_pem())),
                                     "alg is not RS256"),
        "HMAC said to be RS256": (compact({**header, "alg": "RS256"}, claims, hs256(public)),
                                  "signature does not match"),
        "PS256, which nobody allowed": (token({"alg": "PS256", "kid": rsa.kid}), "alg is not RS256"),
        "a key of its own": (token({"jwk": key.jwk()}), "header has jwk"),
        "keys from elsewhere": (token({"jku": "https://evil.example"}), "header has jku"),
        "a critical header": (token({"crit": ["exp"]}), "header has crit"),
        "a claim twice": (compact({"alg": "ES256", "kid": key.kid},
                                  json.dumps(claims)[:-1].encode() + b',"sub":"x"}', key.sign),
                          "claims: JSON: duplicate key"),
        "a changed signature": (sound[:-8] + ("A" if sound[-8] != "A" else "B") + sound[-7:],
                                "signature does not match"),
        "too long": (token(note="x" * 4096), "above 4096 bytes"),
        "no token": ("x", "not three parts"),
        "nothing": ("", "not three parts"),
        "our own access token": (Player(world.board).access_token, "unknown issuer"),
    }


def logged_request(board, answer):
    for name in ("worker-1", "worker-2"):
        for line in board.log(name).splitlines():
            if answer.headers["X-Request-Id"] in line and '"event":"request"' in line:
                return json.loads(line)
    return None


@pytest.mark.sanitized
def test_whatever_is_wrong_is_401_in_the_same_words(world):
    answers = {}
    for what, (token, cause) in forgeries(world).items():
        answer = exchange(world.board, token)
        problem = assert_problem(answer, 401, "UNAUTHENTICATED")
        line = eventually(lambda: logged_request(world.board, answer))
        assert cause in line["reason"], what
        del problem["request_id"]
        answers[what] = problem
    assert len(answers) == 38
    assert all(problem == answers["expired"] for problem in answers.values())
    assert world.board.sql(
        "SELECT count(*) FROM identities WHERE subject = 'user|forged'").strip() == "0"


def test_a_request_without_a_token_says_what_is_missing(world):
    path = "/api/auth/exchange"
    assert_problem(request(world.board, "POST", path), 401, "UNAUTHENTICATED")
    problem = assert_problem(request(world.board, "POST", path, {}), 400, "VALIDATION_ERROR")
    assert problem["details"]["field"] == "token"
    assert_problem(request(world.board, "POST", path, {"token": 7}), 400, "VALIDATION_ERROR")
    assert_problem(request(world.board, "POST", path, b"token=x"), 415)
    token = world.acme.token(world.key)
    assert_problem(exchange(world.board, token, Authorization=f"Bearer {token}"), 400)
    assert_problem(request(world.board, "GET", path), 405)


def test_an_issuer_s_keys_rotate_while_the_workers_run(world, tmp_path):
    """Old and new overlap, a removed key is refused, a corrupt file changes nothing and is told."""
    acme = world.acme
    fresh, old = acme.new_key("fresh", "EdDSA"), world.key
    old_keys = list(world.keys.values())

    def statuses(key):  # of both workers
        return {exchange(world.board, acme.token(key, sub="user|rotation")).status
                for _ in range(4)}

    def complaints():
        return sum(world.board.log(name).count('"keys_unreadable"')
                   for name in ("worker-1", "worker-2"))

    try:
        assert statuses(fresh) == {401}
        acme.publish(fresh, *old_keys)
        assert statuses(fresh) == {200}  # at once: an unknown key makes a worker look
        assert statuses(old) == {200}
        before = complaints()
        for corrupt in ("{", '{"keys":[]}', json.dumps({"keys": [fresh.jwk(), fresh.jwk()]})):
            acme.replace(corrupt)
            before += 2
            assert eventually(lambda: complaints() == before, 5), corrupt
            assert statuses(fresh) == statuses(old) == {200}
        acme.file.unlink()
        assert eventually(lambda: complaints() == before + 2, 5)
        assert statuses(fresh) == {200}
        time.sleep(1.2)
        assert complaints() == before + 2  # once a change, not once a look
        acme.publish(fresh)
        assert eventually(lambda: statuses(old) == {401}, 3)
        assert statuses(fresh) == {200}
    finally:
        acme.publish(*old_keys)
    assert eventually(lambda: statuses(old) == {200}, 3)


def test_without_its_keys_an_issuer_is_503_until_they_are_there(make_board, tmp_path):
    acme = Issuer(tmp_path)
    key = acme.new_key("one", "EdDSA")
    board = make_board(acme.environment(), ["--workers", "1"])
    assert_problem(exchange(board, acme.token(key)), 503, "SERVICE_UNAVAILABLE")
    acme.publish(key)
    assert eventually(lambda: exchange(board, acme.token(key)).status == 200, 3)
    acme.file.chmod(0o666)  # whoever may write it may be anybody
    assert eventually(lambda: "writable by everybody" in board.log("worker-1"), 3)


def test_without_issuers_nobody_is_believed(board, tmp_path):
    acme = Issuer(tmp_path)
    assert_problem(exchange(board, acme.token(acme.new_key("one", "EdDSA"))), 401)
