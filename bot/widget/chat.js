/* A conversation: asking, stopping, trying again, going on after a reload, forgetting. */

import { button } from "./dom.js";
import * as memory from "./memory.js";
import * as transport from "./transport.js";

const SECOND = 1000;
/* Of a question that failed so, the server has kept nothing. */
const UNKEPT = ["limited", "starting", "refused"];

export const REFUSED =
  "Footnote: the server takes its own panel for a stranger's page. It does not know the address it is reached at: behind a proxy, set FOOTNOTE_TRUSTED_PROXIES to the proxy's address, and let it pass on Host and X-Forwarded-Proto.";

export class Chat {
  #view;
  #replies;
  #notes;
  #strings;
  #running = null;
  #isForgetting = false;
  /* Answers stopped before they began, of which the server may keep something under an id that nobody else knows. */
  #strays = new Set();

  /* Whether something was asked since the panel is there. */
  hasBegun = false;

  constructor(view, replies, notes, strings) {
    this.#view = view;
    this.#replies = replies;
    this.#notes = notes;
    this.#strings = strings;
  }

  get isBusy() {
    return this.#running !== null || this.#isForgetting;
  }

  /* What was said before, if it is still kept; nothing once something was asked, or all forgotten. Throws Failure. */
  async restore() {
    const id = memory.recall();
    const isAwaited = () => id !== null && !this.hasBegun && memory.recall() === id;
    if (!isAwaited()) return;
    const known = await transport.conversation(id).catch((failure) => {
      if (isAwaited()) throw failure;
    });
    if (!isAwaited()) return;
    if (known === null) memory.keep(null);
    else this.#view.restore(known.turns.flatMap(({ message, reply }) => [this.#replies.question(message), this.#replies.reply(reply)]));
  }

  ask(text) {
    this.hasBegun = true;
    this.#answer(text, this.#replies.question(text));
  }

  /* Shows what has come so far as all there is. */
  stop() {
    const running = this.#running;
    if (running === null) return;
    running.isStopped = true;
    if (running.hasStarted) running.controller.abort();
    else this.#strays.add(running);
    this.#end(running, [this.#strings.stopped, " ", this.#retry(running)]);
  }

  /* Deletes it for good, with an answer on its way once that has begun; whether that was done. Nothing can be asked meanwhile. */
  async forget() {
    this.stop();
    this.#isForgetting = true;
    this.#view.hold(true);
    try {
      await Promise.all([...this.#strays].map(({ ended }) => ended));
      for (const stray of this.#strays) await this.#drop(stray);
      const id = memory.recall();
      if (id !== null) await transport.forget(id);
    } catch {
      this.#view.say(this.#strings.notForgotten);
      return false;
    } finally {
      this.#isForgetting = false;
      this.#view.hold(false);
    }
    memory.keep(null);
    this.#view.clear();
    this.#notes.clear();
    this.#view.say(this.#strings.forgotten);
    return true;
  }

  #answer(text, question) {
    const heard = { kind: "answer", replyId: null, sentences: [], citations: [], notices: [] };
    const running = { text, question, controller: new AbortController(), heard, hasStarted: false, isStopped: false, strayId: null };
    this.#running = running;
    this.#view.add(question);
    this.#view.begin();
    running.ended = this.#listen(running);
    running.ended.catch(() => undefined);
  }

  /* Throws what ended an answer that was stopped and of which nobody knows whether the server keeps anything. */
  async #listen(running) {
    try {
      for await (const { event, data } of transport.ask(running.text, memory.recall(), running.controller.signal)) this.#heard(event, data, running);
    } catch (error) {
      running.controller.abort(); // The server forgets what it cannot deliver.
      if (!running.isStopped) this.#broken(error, running);
      else if (!running.hasStarted && !UNKEPT.includes(error.reason)) throw error;
    } finally {
      if (running.strayId === null) this.#strays.delete(running);
      else await this.#drop(running).catch(() => undefined);
    }
  }

  async #drop(stray) {
    await transport.forget(stray.strayId);
    this.#strays.delete(stray);
  }

  #heard(event, data, running) {
    if (event === "start") this.#started(data, running);
    else if (running.isStopped) return;
    else if (event === "citation") running.heard.citations.push(data);
    else if (event === "sentence") {
      running.heard.sentences.push(data);
      this.#view.grow(this.#replies.growing(running.heard.kind, running.heard.sentences));
    } else if (event === "disclaimer") this.#view.disclaim(data.text);
    else if (event === "notice") running.heard.notices.push(data);
    else if (event === "done") {
      this.#view.finish(this.#replies.reply(data), data.suggestions);
      this.#over();
    }
  }

  /* Only now is the conversation's id known. */
  #started(data, running) {
    running.hasStarted = true;
    running.heard.kind = data.kind;
    running.heard.replyId = data.reply_id;
    if (!running.isStopped) memory.keep(data.conversation_id);
    else {
      running.controller.abort();
      if (data.conversation_id !== memory.recall()) running.strayId = data.conversation_id;
    }
  }

  #broken(error, running) {
    const failure = error instanceof transport.Failure ? error : new transport.Failure("failed");
    if (failure.reason === "refused") console.error(REFUSED);
    const again = this.#retry(running);
    this.#end(running, [this.#replies.problem(failure, again)]);
    if (failure.wait) countDown(again, failure.wait, this.#strings.retry);
  }

  /* What is once shown stays, and is not taken for the whole. */
  #end(running, told) {
    running.shown = this.#replies.partial(running.heard, told);
    this.#view.finish(running.shown, []);
    this.#over();
  }

  #over() {
    this.#running = null;
    this.#view.end();
  }

  #retry(running) {
    return button(this.#strings.retry, () => {
      if (this.isBusy) return;
      running.shown.remove();
      this.#notes.clear();
      this.#answer(running.text, running.question);
    });
  }
}

function countDown(again, seconds, label) {
  again.disabled = seconds > 0;
  again.textContent = seconds > 0 ? `${label} (${seconds})` : label;
  if (seconds > 0) setTimeout(() => countDown(again, seconds - 1, label), SECOND);
}
