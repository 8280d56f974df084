"""Which sites' pages may call, decided before anything is done for them."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot import Bot, Settings
from bot.web.api import create_app
from bot.web.page import LatePage

SETTINGS = Settings(rate_limit="off", allowed_origins="https://good.test,http://other.test:8080")
CHAT = "/api/v1/chat"
PLACES = [("POST", CHAT), ("GET", "/api/v1/search?q=x"), ("POST", "/gradio_api/queue/join"), ("GET", "/theme.css")]

REFUSED = [
    "null",
    "",
    "*",
    "https://evil.test",
    "https://good.test.evil.test",
    "https://evilgood.test",
    "https://good.testevil",
    "https://sub.good.test",
    "http://good.test",
    "https://good.test:443",
    "https://good.test:8443",
    "https://good.test.",
    "https://good.test/",
    "https://good.test/page",
    "https://GOOD.test",
    "https://user@good.test",
    "https://good.test@evil.test",
    "https://good.test, https://evil.test",
    "https://good.test https://evil.test",
    "//good.test",
    "good.test",
    "file://",
    "https://xn--god-sna.test",
    "https://go\u00f6d.test",
    "http://other.test",
    "http://other.test:80801",
    "http://testserver.",
    "https://testserver",
    "http://testserver:81",
    "http://testserver:80",
    "http://nottestserver",
    "http://testserver.evil.test",
]


class Counting(Bot):
    """The bot, and how often it was asked."""

    def __init__(self, bot: Bot) -> None:
        self.__dict__.update(bot.__dict__)
        self.asked = 0

    def ask(self, message: str, conversation_id: str | None = None):
        self.asked += 1
        return super().ask(message, conversation_id)


@pytest.fixture(scope="module")
def counting(bot: Bot) -> Counting:
    return Counting(bot)


@pytest.fixture(scope="module")
def client(counting: Counting) -> Iterator[TestClient]:
    app = create_app(counting, SETTINGS)
    app.router.default = LatePage()
    with TestClient(app) as client:
        yield client


def call(client: TestClient, method: str, place: str, origins: list[str]):
    headers = [(b"Origin", origin.encode("latin-1")) for origin in origins]
    content = b'{"message": "thanks"}' if method == "POST" else None
    return client.request(method, place, content=content, headers=[*headers, (b"Content-Type", b"application/json")])


@pytest.mark.parametrize("origin", REFUSED)
def test_other_sites_are_refused_before_anything_is_done(client: TestClient, counting: Counting, origin: str) -> None:
    before = counting.asked
    for method, place in PLACES:
        response = call(client, method, place, [origin])
        assert response.status_code == 403
        assert response.headers["content-type"] == "application/problem+json"
        assert not [name for name in response.headers if name.startswith("access-control-")]
        assert not origin or origin == "*" or origin not in response.text
    assert counting.asked == before


def test_two_origins_are_none(client: TestClient) -> None:
    assert call(client, "POST", CHAT, ["https://good.test", "https://good.test"]).status_code == 403
    assert call(client, "POST", CHAT, ["http://testserver", "https://evil.test"]).status_code == 403


@pytest.mark.parametrize("origin", [None, "http://testserver"])
def test_programs_and_the_own_pages_may_call(client: TestClient, counting: Counting, origin: str | None) -> None:
    before = counting.asked
    response = call(client, "POST", CHAT, [origin] if origin else [])
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["vary"] == "Origin"
    assert counting.asked == before + 1


@pytest.mark.parametrize(
    ("url", "host", "origin", "status"),
    [
        ("http://testserver", "Chat.Example.org", "http://chat.example.org", 200),
        ("http://testserver", "chat.example.org:80", "http://chat.example.org", 200),
        ("https://testserver", "chat.example.org:443", "https://chat.example.org", 200),
        ("http://testserver", "chat.example.org:8000", "http://chat.example.org:8000", 200),
        ("http://testserver", "[::1]:8000", "http://[::1]:8000", 200),
        ("http://testserver", "chat.example.org:8000", "http://chat.example.org", 403),
        ("http://testserver", "chat.example.org", "https://chat.example.org", 403),
        ("https://testserver", "chat.example.org:80", "https://chat.example.org", 403),
    ],
)
def test_the_own_origin_is_where_the_request_went(bot: Bot, url: str, host: str, origin: str, status: int) -> None:
    with TestClient(create_app(bot, SETTINGS), base_url=url) as client:
        response = client.post(CHAT, json={"message": "thanks"}, headers={"Host": host, "Origin": origin})
    assert response.status_code == status


@pytest.mark.parametrize("origin", ["https://good.test", "http://other.test:8080"])
def test_an_allowed_site_reads_the_api_and_only_that(client: TestClient, origin: str) -> None:
    answered = call(client, "POST", CHAT, [origin])
    assert answered.status_code == 200
    missing = call(client, "GET", "/api/v1/conversations/x", [origin])
    assert missing.status_code == 404
    for response in (answered, missing):
        assert response.headers["access-control-allow-origin"] == origin
        assert response.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in response.headers
    for place in ("/source/psilocybin-plasticity-article", "/healthz", "/openapi.json", "/ui/chat.css", "/nothing"):
        response = client.get(place, headers={"Origin": origin})
        assert response.status_code in (200, 404)
        assert not [name for name in response.headers if name.startswith("access-control-")]


def test_a_preflight(client: TestClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    response = client.options(CHAT, headers={**asked, "Origin": "https://good.test"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "https://good.test"
    assert response.headers["access-control-allow-methods"] == "GET, POST, DELETE"
    assert response.headers["access-control-allow-headers"] == "Content-Type, Accept"
    assert "access-control-allow-credentials" not in response.headers
    assert client.options(CHAT, headers={**asked, "Origin": "https://evil.test"}).status_code == 403
    outside = client.options("/theme.css", headers={**asked, "Origin": "https://good.test"})
    assert outside.status_code == 404
    assert "access-control-allow-origin" not in outside.headers


def test_by_default_no_other_site_may_call(bot: Bot) -> None:
    with TestClient(create_app(bot, Settings(rate_limit="off"))) as client:
        assert call(client, "POST", CHAT, ["https://good.test"]).status_code == 403
        assert "vary" not in call(client, "POST", CHAT, []).headers


@pytest.mark.parametrize("host", ["", "a b", 'x"><script>', "a/b", "a@b", "a:b", "a,b", "[::1", "a:123456"])
def test_a_host_that_is_none_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/healthz", headers={"Host": host})
    assert response.status_code == 400
    assert len(host) < 4 or host not in response.text
