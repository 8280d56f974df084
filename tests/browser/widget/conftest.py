"""A bot, a site that embeds it, and a browser to visit the site with."""

from collections.abc import Iterator

import httpx
import pytest

from bot import Bot, Settings
from bot.values import Corpus
from bot.web.schema import ReplyBody
from evals.bench import free_port
from tests.browser.widget.site import Serving, Site, Spoiled
from tests.web.server import serving

QUESTION = "What is the default mode network?"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


class Visit:
    """A page of the site, and what a visitor sees and does there."""

    def __init__(self, page) -> None:
        self.page = page
        self.requested: list[str] = []
        self.complaints: list[str] = []
        """Errors and warnings of the console, scripts that failed."""
        page.on("request", lambda sent: self.requested.append(sent.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)

    @property
    def launch(self):
        return self.page.locator("footnote-chat button.launch")

    @property
    def panel(self):
        """The panel's own document."""
        return self.page.frame_locator("footnote-chat iframe")

    @property
    def frame(self):
        """The same, to run scripts in."""
        return next(frame for frame in self.page.frames if "/widget/panel" in frame.url)

    def open(self) -> None:
        """Until the panel knows what the bot says of its pages."""
        self.launch.click()
        self.panel.locator("#disclaimer:not(:empty)").wait_for()

    def button(self, name: str):
        """The panel's, by its whole name."""
        return self.panel.get_by_role("button", name=name, exact=True)

    def send(self, question: str = QUESTION) -> None:
        """Asks, and waits for nothing."""
        self.panel.locator("#question").fill(question)
        self.panel.locator("#question").press("Enter")

    def ask(self, question: str = QUESTION) -> None:
        """Until there is one more reply, or what stands in its place."""
        replies = self.panel.locator("article.reply")
        before = replies.count()
        self.send(question)
        replies.nth(before).wait_for()


@pytest.fixture(scope="module")
def served(bot: Bot, settings: Settings) -> Iterator[tuple[Site, Spoiled]]:
    port = free_port()
    spoiled: list[Spoiled] = []
    known = settings.model_copy(
        update={"allowed_origins": f"http://localhost:{port}", "rate_limit": "off", "database_url": "sqlite://"}
    )

    def spoil(app):
        spoiled.append(Spoiled(app))
        return spoiled[-1]

    with serving(bot, known, around=spoil, page=False) as bot_served:
        site = Site(bot_served.url, port)
        with Serving(site):
            yield site, spoiled[-1]


@pytest.fixture
def site(served: tuple[Site, Spoiled]) -> Site:
    return served[0]


@pytest.fixture
def server(served: tuple[Site, Spoiled]) -> Iterator[Spoiled]:
    """The bot's server, whose answers a test may spoil."""
    served[1].chat = None
    served[1].instead = {}
    yield served[1]
    served[1].chat = None
    served[1].instead = {}


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from tests.browser.chromium import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def visit(browser, site: Site, server: Spoiled) -> Iterator:
    """Opens an address in a context of its own. device: of SIZES; more: as Playwright's new_context."""
    contexts = []

    def opened(address: str | None = None, device: str = "desktop", scheme: str = "light", **more) -> Visit:
        width, height = SIZES[device]
        is_phone = device == "phone"
        known = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        context = browser.new_context(**{**known, "is_mobile": is_phone, "has_touch": is_phone, **more})
        context.set_default_timeout(15_000)
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.page.goto(address or site.page("/"))
        return visit

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def reply(bot: Bot) -> dict:
    """A real reply, as it goes over HTTP, to be altered."""
    return ReplyBody.of(bot.ask(QUESTION)).model_dump()


@pytest.fixture
def config(site: Site) -> dict:
    """What the bot says of itself."""
    return httpx.get(site.bot_url + "/api/v1/config").json()


@pytest.fixture(scope="session")
def article(corpus: Corpus) -> str:
    """The corpus as somebody's page has it, in markup."""
    from bot.web.source import article_html

    return "<article>" + "".join(article_html(corpus, each) for each in corpus.documents.values()) + "</article>"
