/* The page around the panel: what the two tell each other, and nothing that does not come from it.

   From the page:  hello {title, greeting, lang, theme, color, dark, inline} once, open {focus, source}, theme {dark}, marked {found}
   To the page:    ready, close, mark {quote, context, go}, unmark */

const PROTOCOL = 1;
const TYPES = ["hello", "open", "theme", "marked"];

const meta = (name) => document.querySelector(`meta[name="footnote-${name}"]`).content;

/* Whether the server knows the address it is reached at; if not, it will take its own panel for a stranger's. */
export const isReachedRight = () => meta("self") === location.origin;

export class Host {
  /* Where the panel stands by itself, in a window of its own. */
  isAlone = window.parent === window;
  /* Whether the page is the source, so that sentences can be marked on it. */
  isSource = false;
  #origin = null;
  #hear;

  /* hear: called with (type, message) for each of TYPES. */
  constructor(hear) {
    this.#hear = hear;
    if (!this.isAlone) addEventListener("message", (event) => this.#received(event));
  }

  close() {
    this.#tell("close");
  }

  /* Asks for the sentence to be marked. go: to show it even where the panel covers the page. */
  mark({ quote, context }, go) {
    this.#tell("mark", { quote, context, go });
  }

  unmark() {
    this.#tell("unmark");
  }

  #tell(type, more) {
    if (this.#origin !== null) window.parent.postMessage({ footnote: PROTOCOL, type, ...more }, this.#origin);
  }

  /* The first to greet, of those that may frame the panel, is the page; browsers let no other frame it. */
  #received({ source, origin, data }) {
    if (source !== window.parent || data?.footnote !== PROTOCOL || !TYPES.includes(data.type)) return;
    if (this.#origin === null) {
      if (data.type !== "hello" || ![location.origin, ...meta("parents").split(" ")].includes(origin)) return;
      this.#origin = origin;
    } else if (data.type === "hello") return;
    if (origin !== this.#origin) return;
    if (data.type === "open") this.isSource = data.source === true;
    this.#hear(data.type, data);
    if (data.type === "hello") this.#tell("ready");
  }
}
