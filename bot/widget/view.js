/* The panel's elements: the log, what is growing below it, the line of status, the question. */

import { button, find } from "./dom.js";

/* Browsers tell screen readers of changes some time after they were made, and as the region is then. */
const READ_LATER_MS = 1000;

/* Between a message and the edge it is brought to. */
const GAP_PX = 8;

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

  disclaim(text) {
    find("disclaimer").textContent = text;
  }

  /* isHeld: nothing can be asked or forgotten just now. */
  hold(isHeld) {
    for (const pressed of [find("send"), find("forget"), ...this.#suggestions.children]) pressed.disabled = isHeld;
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
    const follows = this.#follows;
    this.#draft.hidden = false;
    this.#draft.replaceChildren(...parts);
    if (follows) this.#follow(this.log.lastElementChild);
  }

  /* The finished message enters the log, and is announced, once and whole. */
  finish(message, suggestions) {
    const follows = this.#follows;
    this.#draft.hidden = true;
    this.#draft.replaceChildren();
    this.log.append(message);
    this.#suggest(suggestions);
    if (follows) this.#follow(message.previousElementSibling ?? message);
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

  /* Whether the visitor is where the panel scrolled to; a panel that has grown since may be at its end before that. */
  get #follows() {
    const { scrollTop, scrollHeight, clientHeight } = this.#main;
    return scrollTop === this.#followed || (scrollTop < this.#followed && scrollHeight - clientHeight - scrollTop < 1);
  }

  /* Its beginning at the top, so that one reads on from there. Not by scrollIntoView, which scrolls the site's page too. */
  #follow(message) {
    this.#main.scrollTop += message.getBoundingClientRect().top - this.#main.getBoundingClientRect().top - GAP_PX;
    this.#followed = this.#main.scrollTop;
  }
}
