/* A conversation: asking, stopping, trying again, going on after a reload, forgetting. */

import { button } from "./dom.js";
import * as memory from "./memory.js";
import { filled } from "./strings.js";
import * as transport from "./transport.js";

const SECOND = 1000;

export class Chat {
  #view;
  #replies;
  #strings;
  #running = null;
  #answering = null;

  constructor(view, replies, strings) {
    this.#view = view;
    this.#replies = replies;
    this.#strings = strings;
  }

  /* Whether something was asked since the panel is there. */
  get hasBegun() {
    return this.#answering !== null;
  }

  get isBusy() {
    return this.#running !== null;
  }

  /* What was said before, if it is still kept. */
  async restore() {
    const id = memory.recall();
    if (id === null) return;
    try {
      const known = await transport.conversation(id);
      if (known === null) memory.keep(null);
      else this.#view.restore(known.turns.flatMap(({ message, reply }) => [this.#replies.question(message), this.#replies.reply(reply)]));
    } catch (error) {
      this.#view.say(filled(this.#strings[error.reason] ?? this.#strings.failed, { n: error.wait || 5 }));
    }
  }

  ask(text) {
    this.#view.add(this.#replies.question(text));
    this.#answering = this.#answer(text);
  }

  stop() {
    this.#running?.abort();
  }

  /* Deletes it for good, an answer on its way included; whether that was done. */
  async forget() {
    this.stop();
    await this.#answering;
    const id = memory.recall();
    try {
      if (id !== null) await transport.forget(id);
    } catch {
      this.#view.say(this.#strings.notForgotten);
      return false;
    }
    memory.keep(null);
    this.#view.clear();
    this.#view.say(this.#strings.forgotten);
    return true;
  }

  async #answer(text) {
    const running = new AbortController();
    const seen = { kind: "answer", sentences: [] };
    this.#running = running;
    this.#view.begin();
    try {
      for await (const { event, data } of transport.ask(text, memory.recall(), running.signal)) this.#heard(event, data, seen);
    } catch (error) {
      this.#broken(error, text, seen, running.signal.aborted);
    } finally {
      if (this.#running === running) this.#running = null;
      this.#view.end();
    }
  }

  #heard(event, data, seen) {
    if (event === "start") {
      seen.kind = data.kind;
      memory.keep(data.conversation_id);
    } else if (event === "sentence") {
      seen.sentences.push(data);
      this.#view.grow(this.#replies.growing(seen.kind, seen.sentences));
    } else if (event === "done") {
      this.#view.finish(this.#replies.reply(data), data.suggestions);
    }
  }

  /* What is once shown stays, and is not taken for the whole. */
  #broken(error, text, seen, wasStopped) {
    const failure = error instanceof transport.Failure ? error : new transport.Failure("failed");
    if (failure.reason === "refused") console.error(REFUSED);
    const again = button(this.#strings.retry, () => this.#again(shown, text));
    const why = wasStopped ? button(this.#strings.retry, () => this.#again(shown, text)) : this.#replies.problem(failure, again);
    const parts = wasStopped ? [this.#strings.stopped, " ", why] : [why];
    const shown = this.#replies.partial(seen.kind, seen.sentences, ...[fragment(parts)]);
    this.#view.finish(shown, []);
    if (failure.wait && !wasStopped) countDown(again, failure.wait, this.#strings.retry);
  }

  #again(shown, text) {
    if (this.isBusy) return;
    shown.remove();
    this.#answering = this.#answer(text);
  }
}

export const REFUSED =
  "Footnote: the server takes its own panel for a stranger's page. It does not know the address it is reached at: behind a proxy, set FOOTNOTE_TRUSTED_PROXIES to the proxy's address, and let it pass on Host and X-Forwarded-Proto.";

function fragment(parts) {
  const made = document.createDocumentFragment();
  made.append(...parts);
  return made;
}

function countDown(again, seconds, label) {
  again.disabled = seconds > 0;
  again.textContent = seconds > 0 ? `${label} (${seconds})` : label;
  if (seconds > 0) setTimeout(() => countDown(again, seconds - 1, label), SECOND);
}
