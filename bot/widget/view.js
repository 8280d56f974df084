/* The panel's elements: the log, what is growing below it, the line of status, the question. */

import { button } from "./dom.js";

export const TOUCH = matchMedia("(pointer: coarse)");

const find = (id) => document.getElementById(id);

export class View {
  log = find("log");
  question = find("question");
  #draft = find("draft");
  #suggestions = find("suggestions");
  #main = document.querySelector("main");
  #strings;
  #choose;
  #greeting = null;

  /* choose: called with a question that was clicked. */
  constructor(strings, choose) {
    this.#strings = strings;
    this.#choose = choose;
  }

  /* greeting: what stands in an empty log; examples: questions offered there. */
  greet(greeting, examples) {
    this.#greeting = { greeting, examples };
    this.log.replaceChildren(greeting);
    this.#suggest(examples);
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
    setTimeout(() => this.log.removeAttribute("aria-live"));
  }

  begin() {
    find("send").hidden = true;
    find("stop").hidden = false;
    this.#suggest([]);
    this.say(this.#strings.searching);
    this.#refocus();
  }

  grow(parts) {
    this.#draft.hidden = false;
    this.#draft.replaceChildren(...parts);
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
    this.greet(this.#greeting.greeting, this.#greeting.examples);
  }

  /* Where what was pressed is gone, one goes on at the question; on a touch screen without calling up the keyboard. */
  #refocus() {
    const focused = document.activeElement;
    if (focused === document.body || focused === null || focused.hidden) (TOUCH.matches ? find("title") : this.question).focus({ preventScroll: true });
  }

  #suggest(questions) {
    this.#suggestions.hidden = !questions.length;
    this.#suggestions.replaceChildren(...questions.map((question) => button(question, () => this.#choose(question), { dir: "auto" })));
  }

  /* Its beginning at the top, so that one reads on from there. */
  #follow(message) {
    message.scrollIntoView({ block: "start" });
  }
}
