/* Citations as numbered notes: the sentence in its paragraph, and the way to where it stands. */

import { button, make, outward, sourceAddress } from "./dom.js";
import { filled } from "./strings.js";

export class Notes {
  #host;
  #strings;
  #pages;
  #opened = null;

  /* pages: what is known of them. */
  constructor(host, strings, pages) {
    this.#host = host;
    this.#strings = strings;
    this.#pages = pages;
  }

  /* A list of notes under a label; null when there is none. */
  list(label, citations, replyId) {
    if (!citations.length) return null;
    const notes = citations.map((citation) => make("li", {}, this.#note(citation, replyId)));
    // No landmark: every reply would add one of the same name.
    const properties = { class: "notes", role: "note", aria: { label } };
    return make("aside", properties, make("p", { class: "label" }, label), make("ul", {}, ...notes));
  }

  /* The number behind a sentence, which opens the note. */
  reference(n, replyId) {
    const label = filled(this.#strings.source, { n });
    return button(String(n), () => this.#show(noteId(replyId, n)), { class: "reference", ariaLabel: label, data: { n } });
  }

  /* What the page answered when it was asked to mark a sentence: whether it has it. */
  marked(found) {
    if (this.#opened !== null) this.#opened.querySelector(".here").hidden = !found;
  }

  /* Takes the mark off the page when its note is no longer shown. */
  clear() {
    if (this.#opened?.isConnected === false) this.#unmark();
  }

  #note(citation, replyId) {
    const address = sourceAddress(citation.url);
    const note = make(
      "details",
      { class: "note", id: noteId(replyId, citation.n) },
      make("summary", {}, make("span", { class: "number" }, String(citation.n)), " ", make("span", { lang: this.#pages.language, dir: "auto" }, citation.section)),
      make("blockquote", { lang: this.#pages.language, dir: "auto" }, ...marked(citation)),
      button(this.#strings.showHere, () => this.#mark(note, citation, true), { class: "here", hidden: true }),
      address === null ? null : outward(address, this.#strings.readSource),
    );
    note.addEventListener("toggle", () => this.#toggled(note, citation));
    return note;
  }

  #show(id) {
    const note = document.getElementById(id);
    if (note === null) return;
    /* Marked again where it is open already, as another may have been since. */
    if (note.open) note.dispatchEvent(new Event("toggle"));
    note.open = true;
    note.querySelector("summary").focus({ preventScroll: true });
    note.scrollIntoView({ block: "nearest" });
  }

  #toggled(note, citation) {
    if (note.open) this.#mark(note, citation, false);
    else if (this.#opened === note) this.#unmark();
  }

  #unmark() {
    this.#opened = null;
    this.#host.unmark();
  }

  #mark(note, citation, go) {
    if (!this.#host.isSource) return;
    this.#opened = note;
    this.#host.mark(citation, go);
  }
}

const noteId = (replyId, n) => `note-${replyId}-${n}`;

/* The paragraph with the quoted sentence marked; the sentence alone where the paragraph does not hold it. */
function marked({ quote, context }) {
  const at = context.indexOf(quote);
  if (at < 0) return [make("mark", {}, quote)];
  return [context.slice(0, at), make("mark", {}, quote), context.slice(at + quote.length)];
}
