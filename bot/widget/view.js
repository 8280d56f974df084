/* The panel's elements: the log, what is growing below it, the line of status, the question. */

import { button, find } from "./dom.js";

/* Browsers tell screen readers of changes some time after they were made, and as the region is then. */
const READ_LATER_MS = 1000;

export const TOUCH = matchMedia("(pointer: coarse)");

export class View {
  log = find("log");
  question = find("question");
  #draft = find("draft");
  #suggestions = find("suggestions");
  #main = document.querySelector("main");
  #strings;
  #pages;
  #choose;
  #greeting = null;
  #examples = [];
  /* Where the panel was scrolled to last; the visitor may have scrolled elsewhere since. */
  #followed = 0;

  /* pages: what is known of them. choose: called with a question that was clicked. */
  constructor(strings, pages, choose) {
    this.#strings = strings;
    this.#pages = pages;
    this.#choose = choose;
  }

  /* greeting: what stands in an empty log. */
  greet(greeting) {
    this.#greeting = greeting;
    this.log.replaceChildren(greeting);
  }

  /* examples: questions offered below an empty log. */
  offer(examples) {
    this.#examples = examples;
    if (this.log.lastElementChild === this.#greeting) this.#suggest(examples);
  }

  say(text) {
    find("status").textContent = text;
  }

  add(message) {
    this.#suggest([]);
    this.log.append(message);
    this.#follow(message);
  }

  /* What was said before is not announced again. */
  restore(messages) {
    this.log.ariaLive = "off";
    this.log.append(...messages);
    this.#suggest([]);
    this.#main.scrollTop = this.#main.scrollHeight;
    setTimeout(() => this.log.removeAttribute("aria-live"), READ_LATER_MS);
  }

  begin() {
    find("send").hidden = true;
    find("stop").hidden = false;
    this.#suggest([]);
    this.say(this.#strings.searching);
    this.#followed = this.#main.scrollTop;
    this.#refocus();
  }

  grow(parts) {
    this.#draft.hidden = false;
    this.#draft.replaceChildren(...parts);
    if (this.#main.scrollTop === this.#followed) this.#follow(this.log.lastElementChild);
  }

  /* The finished message enters the log, and is announced, once and whole. */
  finish(message, suggestions) {
    this.#draft.hidden = true;
    this.#draft.replaceChildren();
    this.log.append(message);
    this.#suggest(suggestions);
    this.#follow(message.previousElementSibling ?? message);
    this.say("");
  }

  end() {
    find("send").hidden = false;
    find("stop").hidden = true;
    this.#refocus();
  }

  clear() {
    this.#draft.hidden = true;
    this.greet(this.#greeting);
    this.#suggest(this.#examples);
  }

  /* Where what was pressed is gone, one goes on at the question; on a touch screen without calling up the keyboard. */
  #refocus() {
    const focused = document.activeElement;
    if (focused === document.body || focused === null || focused.hidden) (TOUCH.matches ? find("title") : this.question).focus({ preventScroll: true });
  }

  #suggest(questions) {
    this.#suggestions.hidden = !questions.length;
    this.#suggestions.replaceChildren(...questions.map((question) => button(question, () => this.#choose(question), { lang: this.#pages.language, dir: "auto" })));
  }

  /* Its beginning at the top, so that one reads on from there. */
  #follow(message) {
    message.scrollIntoView({ block: "start" });
    this.#followed = this.#main.scrollTop;
  }
}
