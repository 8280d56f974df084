/* Replies as elements. */

import { button, icon, linked, make, sourceAddress } from "./dom.js";
import { filled, why } from "./strings.js";
import * as transport from "./transport.js";

const KINDS = ["answer", "not_covered", "declined", "crisis", "smalltalk", "clarify"];
const HEADINGS = { not_covered: "notCovered", declined: "declined", crisis: "crisis" };
const UNSENT = ["offline", "unreachable"];
const MAX_COMMENT = 1000;

export class Replies {
  #strings;
  #notes;
  #say;
  #pages;

  /* pages: what is known of them. say: called with a line to be shown. */
  constructor(strings, notes, pages, say) {
    this.#strings = strings;
    this.#notes = notes;
    this.#pages = pages;
    this.#say = say;
  }

  question(text) {
    return make("article", { class: "message asked", aria: { label: this.#strings.you } }, make("p", { dir: "auto" }, text));
  }

  /* A whole reply, ready for the log. */
  reply(reply) {
    const kind = KINDS.includes(reply.kind) ? reply.kind : "answer";
    const { sources, related } = this.#strings;
    return make(
      "article",
      { class: "message reply", data: { kind } },
      this.#head(kind, reply),
      this.#said(reply.sentences, reply.reply_id, kind),
      ...this.#notices(reply.notices),
      this.#notes.list(sources, reply.citations, reply.reply_id),
      this.#notes.list(related, reply.related, reply.reply_id),
      kind === "crisis" ? null : this.#tools(reply),
    );
  }

  /* Sentences that have arrived so far, without anything to press. */
  growing(kind, sentences) {
    return [this.#head(kind, {}), this.#said(sentences, null, kind)].filter(Boolean);
  }

  /* What is shown in place of a reply, or below a part of one. */
  problem(failure, again) {
    const reason = why(this.#strings, failure.reason, failure.wait);
    const text = UNSENT.includes(failure.reason) ? `${reason} ${this.#strings.kept}` : reason;
    again.ariaLive = "off"; // its countdown is not read out each second
    return make("div", { class: "problem" }, make("p", {}, text), make("p", {}, ...this.#linked(this.#strings.danger)), again);
  }

  /* Part of an answer that ended before its time, with its sources, and what is said of that. */
  partial({ kind, replyId, sentences, citations, notices }, told) {
    const said = sentences.length ? [this.#head(kind, {}), this.#said(sentences, replyId, kind)] : [];
    const used = citations.filter(({ n }) => sentences.some((sentence) => sentence.citations.includes(n)));
    const sources = this.#notes.list(this.#strings.sources, used, replyId);
    return make("article", { class: "message reply partial", data: { kind } }, ...said, ...this.#notices(notices), sources, ...told);
  }

  #head(kind, { understood }) {
    const heading = HEADINGS[kind] ? make("p", { class: "label" }, this.#strings[HEADINGS[kind]]) : null;
    if (!understood) return heading;
    const line = make("p", { class: "understood", dir: "auto" }, filled(this.#strings.understood, { text: understood }));
    return make("div", {}, heading, line);
  }

  #said(sentences, replyId, kind) {
    const spans = sentences.map(({ text, citations, language }) => {
      const marks = replyId === null ? [] : citations.map((n) => this.#notes.reference(n, replyId));
      const spoken = language ? { lang: language } : {};
      return make("span", { class: "sentence", ...spoken }, ...(citations.length ? [text] : this.#linked(text)), ...marks);
    });
    const blocks = kind === "crisis" ? spans.map((span) => [span]) : [spans.flatMap((span) => [span, " "])];
    return make("div", { class: "text", lang: this.#pages.language, dir: "auto" }, ...blocks.map((block) => make("p", {}, ...block)));
  }

  #notices(notices) {
    return notices.map(({ text }) => make("p", { class: "notice", lang: this.#pages.language, dir: "auto" }, ...this.#linked(text)));
  }

  #linked(text) {
    return linked(text, this.#strings.readSource);
  }

  #tools(reply) {
    const { copy, up, down } = this.#strings;
    const tools = make("div", { class: "tools" }, button(copy, () => this.#copy(reply), { class: "copy" }));
    if (reply.kind !== "answer" && reply.kind !== "not_covered" && reply.kind !== "declined") return tools;
    const thumbs = { up: thumb("up", up), down: thumb("down", down) };
    for (const [rating, pressed] of Object.entries(thumbs)) pressed.onclick = () => this.#rate(reply.reply_id, rating, thumbs, tools);
    tools.append(thumbs.up, thumbs.down);
    return tools;
  }

  async #copy(reply) {
    try {
      await navigator.clipboard.writeText(plainText(reply));
      this.#say(this.#strings.copied);
    } catch {
      this.#say(this.#strings.notCopied);
    }
  }

  async #rate(replyId, rating, thumbs, tools) {
    const before = Object.entries(thumbs).find(([, thumb]) => thumb.ariaPressed === "true")?.[0];
    press(thumbs, rating);
    withdraw(tools);
    if (rating === "down" && !tools.querySelector(".comment")) tools.append(this.#comment(replyId, thumbs));
    tools.scrollIntoView({ block: "nearest" });
    try {
      await transport.rate(replyId, rating);
      this.#say(this.#strings.thanks);
    } catch {
      press(thumbs, before);
      withdraw(tools);
      this.#say(this.#strings.notRated);
    }
  }

  /* It goes with the rating `down`, whatever was pressed or failed since. */
  #comment(replyId, thumbs) {
    const { wrong, sendComment, thanks, notRated } = this.#strings;
    const box = make("textarea", { rows: 2, maxLength: MAX_COMMENT });
    const form = make("form", { class: "comment" }, make("label", {}, wrong, box), make("button", {}, sendComment));
    form.onsubmit = async (event) => {
      event.preventDefault();
      try {
        await transport.rate(replyId, "down", box.value.trim());
        form.remove();
        press(thumbs, "down");
        thumbs.down.focus();
        this.#say(thanks);
      } catch {
        this.#say(notRated);
      }
    };
    return form;
  }
}

function thumb(rating, label) {
  return button(icon(rating), null, { class: "thumb", ariaLabel: label, title: label, ariaPressed: "false" });
}

function press(thumbs, rating) {
  for (const [name, thumb] of Object.entries(thumbs)) thumb.ariaPressed = String(name === rating);
}

/* Takes the comment's form away, unless something was typed into it. */
function withdraw(tools) {
  const form = tools.querySelector(".comment");
  if (form && !form.querySelector("textarea").value.trim()) form.remove();
}

/* For a clipboard: text, notices, quotes with their places, disclaimer. */
export function plainText(reply) {
  const places = reply.citations.length ? reply.citations : reply.related;
  const notes = places.map((c) => `[${c.n}] “${c.quote}” ${c.document_title}, ${c.section}. ${sourceAddress(c.url) ?? ""}`.trim());
  return [reply.text, ...reply.notices.map((notice) => notice.text), notes.join("\n"), reply.disclaimer].filter(Boolean).join("\n\n");
}
