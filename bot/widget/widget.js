/* Footnote's one tag: <script src="https://bot.example/widget.js" async></script>

   Puts <footnote-chat> beside the body: a button, and on first intent an iframe of the bot's origin, which the page's own
   scripts cannot read. Nothing else of the page is changed; a sentence is marked without touching the document.
   Attributes: README, "Put it on your site". What the two windows tell each other: ARCHITECTURE.md, "The widget". */
(() => {
  "use strict";
  const NAME = "footnote-chat";
  const SMALL = "(width<640px),(height<480px)";
  const PHONE = matchMedia(SMALL);
  const DARK = matchMedia("(prefers-color-scheme: dark)");
  const TEXTS = {
    en: ["Ask these pages", "Close", "Not here: open in a new tab"],
    es: ["Pregunta a estas páginas", "Cerrar", "Aquí no: abrir en otra pestaña"],
    de: ["Diese Seiten fragen", "Schließen", "Hier nicht: in neuem Tab öffnen"],
    fr: ["Interroger ces pages", "Fermer", "Pas ici : ouvrir dans un nouvel onglet"],
    ar: ["اسأل هذه الصفحات", "إغلاق", "ليس هنا: علامة تبويب جديدة"],
  };
  const script = document.currentScript;
  if (!script || customElements.get(NAME)) return;

  const options = script.dataset;
  const { origin } = new URL(script.src);
  const address = origin + "/widget/panel";
  const lang = options.lang || document.documentElement.lang || navigator.language;
  const code = lang.slice(0, 2).toLowerCase();
  const known = TEXTS[code] ? code : "en";
  const [ask, close, failed] = TEXTS[known];
  const label = options.title || ask;
  const color = /^#([\da-f]{3}){1,2}$/i.exec(options.color)?.[0] || "#0f5e59";
  const side = options.position == "left" ? "left" : "right";
  const inline = options.target;

  /* White or black, whichever contrasts more: WCAG's contrast turns at a lightness of 49.44. */
  const STYLE = `:host{all:initial!important;display:contents!important;font:16px/1.4 system-ui,sans-serif!important}
[hidden]{display:none!important}
button{font:inherit;cursor:pointer;border:2px solid transparent;min-width:44px;min-height:44px;border-radius:2em;background:${color};color:#fff;color:lch(from ${color} calc((49.44 - l)*infinity) 0 0)}
:focus-visible{outline:3px solid Canvas;box-shadow:0 0 0 6px CanvasText!important}
.launch{position:fixed;z-index:2147483647;${side}:20px;bottom:max(20px,env(safe-area-inset-bottom));font-size:26px;width:56px;height:56px;box-shadow:0 0 9px #0006}
.panel{display:grid;box-sizing:border-box;background:Canvas;color:CanvasText;overflow:hidden;border:1px solid GrayText;border-radius:12px;
${inline ? "height:100%;min-height:30em" : `position:fixed;z-index:2147483647;${side}:20px;bottom:92px;width:min(420px,100vw - 40px);height:min(680px,100dvh - 112px)`}}
iframe{border:0;width:100%;height:100%}
.wait{padding:1em}a{color:inherit}
.box{position:fixed;z-index:2147483647;pointer-events:none;background:#fd0;opacity:.4}
${inline ? "" : `@media${SMALL}{[aria-expanded=true]{display:none}.panel{inset:0 auto auto 0;width:100%;height:100dvh;border:0;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}}`}
@media print{:host{display:none!important}}`;

  const make = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const sheet = (text) => {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    return made;
  };

  let root, anchor, isReady, frame, unmark;
  const launch = make("button", { className: "launch", ariaLabel: label, title: label, ariaExpanded: false, hidden: inline, textContent: "❝", onclick: () => (panel.hidden ? show(true) : hide()) });
  const shut = make("button", { textContent: close, hidden: inline, onclick: () => hide() });
  const notice = make("p", { role: "status", textContent: label });
  const waiting = make("div", { className: "wait" }, notice, shut);
  const panel = make("div", { className: "panel", hidden: true, lang: known, dir: known == "ar" ? "rtl" : "" }, waiting);

  /* Whether the panel was open on the page before; where storage is blocked, each page begins closed. */
  const kept = (value) => {
    try {
      return value == null ? sessionStorage[NAME] : (sessionStorage[NAME] = value);
    } catch {}
  };

  const tell = (type, more) => frame?.contentWindow?.postMessage({ ...more, footnote: 1, type }, origin);

  const load = () => {
    if (frame) return;
    frame = make("iframe", { title: label, allow: "clipboard-write", hidden: true, src: address });
    frame.onload = () => {
      tell("hello", { ...options, lang, color, dark: DARK.matches, inline: !!inline });
      setTimeout(diagnose, 2000);
    };
    setTimeout(diagnose, 20000);
    panel.append(frame);
  };

  launch.onpointerenter = launch.onfocus = load;

  const show = (focus) => {
    load();
    panel.hidden = false;
    launch.ariaExpanded = true;
    kept("open");
    fit();
    opened(focus);
  };

  /* marked: the mark stays. left: the focus, which is on the page, stays there. */
  const hide = (marked, left) => {
    if (inline || panel.hidden) return;
    if (!marked) unmark?.();
    panel.hidden = true;
    launch.ariaExpanded = false;
    kept("");
    if (!left) launch.focus();
  };

  /* The frame first: to be focused it is laid out, and nothing in it can take the focus before. */
  const opened = (focus) => {
    if (focus) (isReady ? frame : shut).focus();
    if (isReady && !panel.hidden) tell("open", { focus, source: !!source() });
  };

  /* On phones the panel is what the keyboard leaves of the window, but not what a visitor has zoomed into. */
  const fit = () => {
    const fits = !inline && PHONE.matches && visualViewport.scale < 1.01;
    panel.style.height = fits ? visualViewport.height + "px" : "";
    panel.style.top = fits ? visualViewport.offsetTop + "px" : "";
  };

  /* No word from the frame. A preload shows what the server says of this site, and needs no more than script-src. */
  const diagnose = () => {
    if (isReady || !frame || notice.children[0]) return;
    const link = make("link", { rel: "preload", as: "script", crossOrigin: "", nonce: script.nonce, href: origin + "/widget/allowed.js" });
    const say = (why) => {
      link.remove();
      console.error(`Footnote: ${origin} is not shown: ${why}`);
      notice.replaceChildren(make("a", { href: address, target: "_blank", textContent: failed }));
    };
    link.onload = () => say(`this page's policy lacks frame-src ${origin}`);
    link.onerror = () => say(`it is down, or lacks FOOTNOTE_ALLOWED_ORIGINS=${location.origin}`);
    document.head.append(link);
  };

  const received = ({ origin: from, source: by, data }) => {
    if (from != origin || !frame || by != frame.contentWindow || data?.footnote !== 1) return;
    const { type, quote, context, go } = data;
    if (type === "ready") {
      const focus = waiting.contains(root.activeElement);
      isReady = waiting.hidden = true;
      frame.hidden = false;
      opened(focus);
    }
    if (type === "close") hide();
    if (type === "unmark") unmark?.();
    if (type === "mark" && typeof quote == "string" && typeof context == "string") {
      const beside = !inline && !PHONE.matches && innerWidth >= 900;
      const found = mark(quote, context, go || beside);
      if (found && go && !beside) hide(true);
      tell("marked", { found });
    }
  };

  const source = () => {
    try {
      return document.querySelector(options.sourceSelector);
    } catch (error) {
      console.error("Footnote:", error);
    }
  };

  /* Letters only: white space, quotes, dashes, soft hyphens, ways to write accents differ between a page and its source. */
  const letters = (text, each) => {
    let all = "";
    for (let at = 0; at < text.length; at++)
      for (const c of text[at].normalize("NFKD").match(/[\p{L}\p{N}%]/gu) || []) {
        all += c;
        each?.(at);
      }
    return all;
  };

  /* The quote's range in the page, where its paragraph stands if that is there; undefined if it is not on the page. */
  const find = (quote, context) => {
    const within = source();
    if (!within) return;
    const places = [];
    const walker = document.createTreeWalker(within, 4);
    let all = "";
    for (let node; (node = walker.nextNode()); )
      if (node.parentElement.checkVisibility()) all += letters(node.data, (at) => places.push([node, at]));
    const wanted = letters(quote);
    const start = all.indexOf(wanted, all.indexOf(letters(context)));
    if (!wanted || start < 0) return;
    const range = new Range();
    range.setStart(...places[start]);
    const [node, at] = places[start + wanted.length - 1];
    range.setEnd(node, at + /^.[^\s\p{L}\p{N}]*/u.exec(node.data.slice(at))[0].length);
    return range;
  };

  const mark = (quote, context, go) => {
    unmark?.();
    const range = find(quote, context);
    if (!range?.getClientRects()[0]) return false;
    if (window.Highlight) {
      const style = sheet(`::highlight(${NAME}){background:#fd0;color:#000}`);
      document.adoptedStyleSheets.push(style);
      CSS.highlights.set(NAME, new Highlight(range));
      unmark = () => {
        CSS.highlights.delete(NAME);
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other != style);
      };
    } else {
      const boxes = make("div");
      const stop = new AbortController();
      const draw = () =>
        boxes.replaceChildren(...[...range.getClientRects()].map((rect) => {
          const box = make("div", { className: "box" });
          for (const side of ["left", "top", "width", "height"]) box.style[side] = rect[side] + "px";
          return box;
        }));
      draw();
      root.append(boxes);
      for (const moved of ["resize", "scroll"]) addEventListener(moved, draw, { capture: true, signal: stop.signal });
      unmark = () => {
        stop.abort();
        boxes.remove();
      };
    }
    if (go) {
      range.startContainer.parentElement.scrollIntoView();
      scrollBy(0, range.getBoundingClientRect().top - innerHeight / 2);
    }
    return true;
  };

  customElements.define(
    NAME,
    class extends HTMLElement {
      connectedCallback() {
        this.stop = new AbortController();
        const { signal } = this.stop;
        root ||= this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet(STYLE)];
        root.append(launch, panel);
        /* Never false, which would cancel what other keys do. */
        this.onkeydown = ({ key }) => key != "Escape" || hide();
        addEventListener("message", received, { signal });
        /* Where the panel covers the page, nobody is left with the focus behind it. */
        addEventListener("focusin", () => PHONE.matches && !root.activeElement && hide(false, true), { signal });
        DARK.addEventListener("change", () => tell("theme", { dark: DARK.matches }), { signal });
        for (const moved of ["resize", "scroll"]) visualViewport.addEventListener(moved, fit, { signal });
        if (inline || (!PHONE.matches && (kept() ?? "open" in options))) show();
      }

      disconnectedCallback() {
        this.stop.abort();
        unmark?.();
        frame?.remove();
        panel.hidden = true;
        launch.ariaExpanded = frame = isReady = waiting.hidden = false;
      }
    },
  );
  const host = make(NAME);

  /* Also after an application has swapped the body, or the place it is in; not after somebody has removed it alone. */
  const mount = () => {
    if (host.isConnected) return;
    const place = document.querySelector(inline || "body");
    if (!place || place == anchor) return;
    anchor = place;
    (inline ? place : document.documentElement).append(host);
  };
  mount();
  new MutationObserver(mount).observe(document, { childList: true, subtree: true });
})();
