# SPDX-License-Identifier: Apache-2.0
"""Another issuer of tokens: keys and signatures by the openssl program, which shares no line with
the server's checks."""
import base64
import json
import subprocess
import time


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, check=True, timeout=30,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


MAKE = {"RS256": ("RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
        "ES256": ("EC", "-pkeyopt", "ec_paramgen_curve:P-256"), "EdDSA": ("ED25519",)}
MAKE["PS256"] = MAKE["RS256"]
PSS = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest")


def two_integers(der):
    """r and s of an ECDSA signature, 32 bytes each."""
    numbers, at = b"", 2
    for _ in range(2):
        size = der[at + 1]
        numbers += int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(32, "big")
        at += 2 + size
    return numbers


class IssuerKey:
    def __init__(self, directory, kid, algorithm):
        self.kid = kid
        self.algorithm = algorithm
        self.file = directory / f"{kid}.pem"
        openssl("genpkey", "-algorithm", *MAKE[algorithm], "-out", self.file)

    def jwk(self, **changes):
        public = openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")
        if self.algorithm == "ES256":
            members = {"kty": "EC", "crv": "P-256", "x": base64url(public[-64:-32]),
                       "y": base64url(public[-32:])}
        elif self.algorithm == "EdDSA":
            members = {"kty": "OKP", "crv": "Ed25519", "x": base64url(public[-32:])}
        else:
            modulus = openssl("rsa", "-in", self.file, "-noout", "-modulus").decode().strip()
            members = {"kty": "RSA", "e": "AQAB",
                       "n": base64url(bytes.fromhex(modulus.removeprefix("Modulus=")))}
        return {**members, "kid": self.kid, "alg": self.algorithm, "use": "sig", **changes}

    def public_pem(self):
        return openssl("pkey", "-in", self.file, "-pubout")

    def sign(self, text):
        if self.algorithm == "EdDSA":  # wants a file it can measure
            message = self.file.with_suffix(".message")
            message.write_bytes(text)
            return openssl("pkeyutl", "-sign", "-inkey", self.file, "-rawin", "-in", message)
        options = PSS if self.algorithm == "PS256" else ()
        made = openssl("dgst", "-sha256", "-sign", self.file, *options, data=text)
        return two_integers(made) if self.algorithm == "ES256" else made


def compact(header, claims, sign):
    """`claims`: a dictionary, or the very bytes."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    text = f"{base64url(json.dumps(header).encode())}.{base64url(payload)}"
    return f"{text}.{base64url(sign(text.encode()))}"


class Issuer:
    """Publishes its keys in a file, as a JWK Set."""

    def __init__(self, directory, name="acme"):
        self.directory = directory
        self.name = name
        self.url = f"https://{name}.example"
        self.file = directory / f"{name}.jwks"

    def environment(self, **more):
        """What tells a board of it."""
        settings = {"issuer": self.url, "audience": "our-board", "keys": str(self.file), **more}
        return {f"SCOREBOARD_ISSUERS_{self.name}_{key}".upper(): value
                for key, value in settings.items()}

    def new_key(self, kid, algorithm="ES256"):
        return IssuerKey(self.directory, f"{self.name}-{kid}", algorithm)

    def publish(self, *keys):
        """As an operator replaces the file: whole."""
        jwks = [key if isinstance(key, dict) else key.jwk() for key in keys]
        self.replace(json.dumps({"keys": jwks}))

    def replace(self, text):
        fresh = self.file.with_suffix(".new")
        fresh.write_text(text)
        fresh.rename(self.file)

    def claims(self, **changes):
        now = int(time.time())
        claims = {"iss": self.url, "aud": "our-board", "sub": "user|1", "iat": now,
                  "exp": now + 600, "preferred_username": "wished_name", **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key, header=None, **claims):
        named = {"alg": key.algorithm, "kid": key.kid, "typ": "JWT", **(header or {})}
        named = {name: value for name, value in named.items() if value is not None}
        return compact(named, self.claims(**claims), key.sign)
