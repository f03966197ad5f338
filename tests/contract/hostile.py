# SPDX-License-Identifier: Apache-2.0
"""Values that have broken somebody's server: texts, JSON spelled by hand, whole bodies, headers."""

TEXTS = [
    "", " ", "\t", "\n", "0", "-1", "null", "undefined", "NaN", "true", "None", "nil", "\\", '"', "'",
    "' OR '1'='1", "'; DROP TABLE users;--", "$$; select 1; $$", "%s%s%s%n", "%00", "%c0%af", "{0}",
    "${jndi:ldap://x/a}", "{{7*7}}", "<script>alert(1)</script>", "<!--", "]]>", "&lt;", "$(id)", "`id`",
    "../../../etc/passwd", "..\\..\\x", "/dev/null", "file:///etc/passwd", "C:\\con", "a\0b", "\0",
    "\x01", "\x1b[31m", "\x7f", "\x80", "\x9f", "\r\nSet-Cookie: a=b", "a\r\n\r\nb",
    "\u00a0", "\u00ad", "\u0301" * 40, "\u1680", "\u180e", "\u200b", "\u200d", "\u2028", "\u2029", "\u202e",
    "\u2066", "\u3000", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1ff\U0001f1fc", "\U0010ffff", "\U000e0041", "\ud800", "\udfff", "\udc00\ud800", "\ue000",
    "Ω≈ç√∫˜µ", "田中さん", "ᚠᛇᚻ", "مرحبا", "שלום", "İıſK", "ﬀ", "Å", "A\u030a", "٣", "²", "½", "൨",
    "a" * 49, "a" * 50, "a" * 51, "a" * 64, "a" * 65, "a" * 255, "a" * 256, "a" * 257, "a" * 4096, "é" * 128,
    "\U0001f600" * 128, "__proto__", "constructor", "a,b", "a;b", "a=b", "a&b", "a b", "a+b", "a%b", "a#b", "a?b",
    "9223372036854775807", "9223372036854775808", "1e400", "0x1f", "1_000", "1,000", "+1", "01", "1.0",
    "2026-02-30T00:00:00Z", "2026-02-02T10:30:60Z", "2026-02-02 10:30:00Z", "2026-02-02T10:30:00+00:00",
    "0000-00-00", "9999-12-31", "1969-12-31", "2024-02-29", "2023-02-29", "99999-01-01", "١٩٩٩-٠١-٠١",
    "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "0" * 64, "f" * 64, "v1=" + "0" * 64,
    "v2=" + "0" * 64, "v1=", "01234567-89ab-7def-8123-456789abcdef", "01hzzzzzzzzzzzzzzzzzzzzzzz",
]

# One JSON value each, or what somebody may take for one.
TOKENS = [
    "null", "true", "false", "0", "-0", "1", "-1", "1.0", "1.5", "1e0", "1E2", "1e-400", "1e400", "-1e400",
    "2147483647", "2147483648", "-2147483649", "4294967296", "9007199254740993", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "1" * 400, "0." + "1" * 400, "0.1e" + "1" * 30,
    "01", "+1", "-", ".5", "5.", "1e", "0x10", "1_0", "NaN", "Infinity", "-Infinity", "nul", "True", "undefined", "",
    "'a'", '"', '"\\"', '"\\u"', '"\\u12"', '"\\x41"', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00"',
    '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\/"', '"a\nb"', '"a\tb"', '"\x7f"', '"\\\n"',
    "[]", "[1]", "[1,]", "[,1]", "[null]", "[" * 7 + "]" * 7, "[" * 8 + "]" * 8, "[" * 500 + "]" * 500, "[" * 500, "[1}",
    "{}", '{"a":1}', '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"":1,"":2}', '{a:1}', '{"a"}', '{"a":1,}',
    '{"a":' * 6 + "1" + "}" * 6, '{"a":' * 7 + "1" + "}" * 7, '{"__proto__":{"x":1}}', "/**/1", "1//", "1 2", "1,2",
]


def deep(opening, closing, count):
    return opening * count + closing * count


BODIES = [
    b"", b" ", b"\0", b"null", b"0", b'""', b"[]", b"{}", b"{", b"}", b'{"', b"{}{}", b"{} x", b"{}\0", b"\0{}",
    b"{}\n\n", b" \t\r\n{}", b"\x0b{}", b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", "{}".encode("utf-16"), "{}".encode("utf-32"),
    b'{"a":"\xff"}', b'{"a":"\xc0\xaf"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b'{"a":"\xe2\x82"}',
    b'{"\xff":1}', b"\x80", b"username=a&password=b", b"<a/>", b"--- {}\n", b"%7B%7D", b"\x1f\x8b\x08\0",
    deep(b"[", b"]", 2000), deep(b'{"a":', b"}", 1000), b"[" * 8000, b'{"a":' * 1600,
    b'{"a":[' + b"1," * 4000 + b"1]}", b"{" + b",".join(b'"%d":1' % n for n in range(800)) + b"}",
    b'{"a":"' + b"x" * 8184 + b'"}', b'{"a":"' + b"x" * 8185 + b'"}', b"x" * 8193, b"x" * 16385, b"{" + b" " * 70000 + b"}",
]

CONTENT_TYPES = [
    b"", b"text/plain", b"text/json", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x",
    b"application/jsonx", b"application/json-patch+json", b"application/problem+json", b"application", b"*/*", b"/", b";",
    b"application/json; charset=utf-8", b"application/json;charset=utf-16", b"APPLICATION/JSON", b" application/json",
    b"application/json, text/plain", b"text/plain, application/json", b"application/json\xff", b"application/json\0",
    b'application/json; a="', b"application/json;;;", b"a" * 4000,
]

HEADERS = [
    (b"If-None-Match", b"*"), (b"If-None-Match", b'"x"'), (b"If-None-Match", b'W/"x", "y"'),
    (b"If-Match", b"*"), (b"If-Match", b'"x"'), (b"If-Modified-Since", b"Thu, 01 Jan 2099 00:00:00 GMT"),
    (b"If-Modified-Since", b"x"), (b"If-Unmodified-Since", b"Thu, 01 Jan 1970 00:00:00 GMT"),
    (b"If-Unmodified-Since", b"x"), (b"Range", b"bytes=0-1"), (b"Range", b"bytes=99999999-"), (b"Range", b"bytes=-1"),
    (b"Range", b"bytes=0-0,2-2"), (b"Range", b"bytes=" + b"0-," * 300 + b"0-"), (b"Range", b"x"), (b"If-Range", b'"x"'),
    (b"Accept", b"application/json"), (b"Accept", b"text/html"), (b"Accept", b"*/*;q=0"), (b"Accept", b",;,"),
    (b"Accept", b"application/json;q=x"), (b"Accept-Encoding", b"gzip, br"), (b"Accept-Encoding", b"identity;q=0"),
    (b"Accept-Charset", b"utf-16"), (b"Accept-Language", b"tlh"), (b"Content-Encoding", b"gzip"),
    (b"Transfer-Encoding", b"gzip"), (b"Transfer-Encoding", b"identity"), (b"Transfer-Encoding", b"x"), (b"TE", b"trailers"),
    (b"Expect", b"100-continue"), (b"Expect", b"x"), (b"Upgrade", b"websocket"), (b"Upgrade", b"h2c"),
    (b"Connection", b"close"), (b"Connection", b"upgrade"), (b"Origin", b"https://evil.test"), (b"Origin", b"null"),
    (b"Sec-Fetch-Site", b"cross-site"), (b"Referer", b"https://evil.test/"), (b"X-Forwarded-For", b"10.0.0.1"),
    (b"X-Real-IP", b"10.0.0.1"), (b"Forwarded", b"for=x"), (b"X-HTTP-Method-Override", b"DELETE"), (b"Via", b"1.1 x"),
    (b"X-Request-Id", b"x"), (b"Scoreboard-Internal", b"1"), (b"scoreboard_internal", b"1"), (b"Proxy", b"http://x"),
    (b"X-CSRF-Token", b"x"), (b"X-Accel-Redirect", b"/"), (b"Content-Length", b"0"), (b"Host", b"evil.test"),
    (b"Host", b"a b"), (b"Host", b""), (b"Cookie", b"__Host-scoreboard=x"), (b"Cookie", b"=;=;"), (b"Cookie", b"a"),
    (b"Cookie", b"__Host-scoreboard-refresh=x.y"), (b"Cookie", b"; " * 500), (b"Authorization", b"Bearer x"),
    (b"a b", b"x"), (b"", b"x"), (b"A" * 300, b"x"), (b"X", b"x" * 9000), (b"X", b"\xff\xfe"), (b"X", b"\x01"), (b"X", b"\0"),
]
# Their values come from TEXTS.
OPEN_HEADERS = [b"User-Agent", b"X-Device-Id", b"Cookie", b"X-CSRF-Token", b"Accept", b"Origin", b"If-None-Match"]

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "MKCOL", "LOCK",
           "get", "GET_", "BREW", "A" * 100]  # fmt: skip

NUMBERS = ["0", "1", "2", "9", "10", "11", "49", "50", "51", "99", "100", "101", "-1", "+1", "1.0", "1e1", "0x1", "01", "010",
           " 5", "5 ", "5;", "٣", "NaN", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808",
           "9" * 30, "9" * 400, "0" * 400 + "1", "1,000", "true", "null"]  # fmt: skip
