/* The panel: puts its parts together once the page around it has said hello. */

import { Chat, REFUSED } from "./chat.js";
import { find, icon, linked, make } from "./dom.js";
import { Host, isReachedRight } from "./host.js";
import * as memory from "./memory.js";
import { Notes } from "./notes.js";
import { Replies } from "./replies.js";
import { filled, nameOf, stringsOf, why } from "./strings.js";
import * as transport from "./transport.js";
import { TOUCH, View } from "./view.js";

const SECOND = 1000;
/* The key code of what an input method takes; Safari says so in no other way of the Enter or Escape that ends a word. */
const COMPOSING = 229;
const COLOR = /^#([\da-f]{3}){1,2}$/i;
const DARK = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

let notes = null;
let chosenTheme = null;

const host = new Host((type, message) => {
  if (type === "hello") begin(message);
  else if (type === "open") opened(message.focus === true);
  else if (type === "theme") dress(message.dark);
  else notes?.marked(message.found === true);
});

if (host.isAlone) {
  root.dataset.alone = "";
  DARK.addEventListener("change", () => dress(DARK.matches));
  begin({ lang: navigator.language, dark: DARK.matches });
}

/* isDark: what the visitor prefers; the site may have chosen for all. */
function dress(isDark) {
  root.dataset.theme = chosenTheme ?? (isDark === true ? "dark" : "light");
}

/* On a touch screen the keyboard would cover what one came to read. */
function opened(wantsFocus) {
  if (wantsFocus) (TOUCH.matches ? find("title") : find("question")).focus();
}

function begin(options) {
  const strings = stringsOf(options.lang);
  if (["dark", "light"].includes(options.theme)) chosenTheme = options.theme;
  dress(options.dark);
  root.lang = strings.code;
  root.dir = strings.direction;
  if (COLOR.test(options.color)) root.style.setProperty("--accent", options.color);
  label(strings, text(options.title, 100));
  find("close").hidden = host.isAlone || options.inline === true;
  find("close").onclick = () => host.close();
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !isComposing(event) && !find("sure").open) host.close();
  });
  if (isReachedRight()) start(strings, options);
  else {
    console.error(REFUSED);
    tellOnce(`${strings.refused} ${strings.danger}`);
    find("send").disabled = true;
  }
}

function isComposing(event) {
  return event.isComposing || event.keyCode === COMPOSING;
}

/* A text of the page's, or nothing. */
function text(value, limit) {
  return typeof value === "string" ? value.slice(0, limit) : "";
}

function label(strings, title) {
  document.title = find("title").textContent = title || strings.title;
  find("about").textContent = strings.about;
  find("log").ariaLabel = strings.log;
  find("suggestions").ariaLabel = strings.suggestions;
  find("question").placeholder = document.querySelector("label[for=question]").textContent = strings.question;
  for (const [id, name] of [["send", "send"], ["stop", "stop"], ["forget", "forget"], ["sure-text", "sure"], ["sure-yes", "sureYes"], ["sure-no", "sureNo"]])
    find(id).textContent = strings[name];
  find("close").replaceChildren(icon("close"));
  find("close").ariaLabel = find("close").title = strings.close;
  find("forget").title = strings.forgetLong;
}

/* What the page needs to show. */
function configuration(strings) {
  return untilGiven(transport.config, ({ reason, wait }) => `${why(strings, reason === "failed" ? "unreachable" : reason, wait)} ${strings.danger}`);
}

/* What the server gives; asked for until it does. line: what is said of a Failure meanwhile. */
async function untilGiven(asked, line) {
  let told = "";
  for (;;) {
    try {
      const given = await asked();
      if (find("status").textContent === told) find("status").textContent = "";
      return given;
    } catch (failure) {
      told = line(failure);
      tellOnce(told);
      await new Promise((resolve) => setTimeout(resolve, (failure.wait || 5) * SECOND));
    }
  }
}

/* A line with links, which is not read out again, nor loses the focus, while it stays the same. */
function tellOnce(line) {
  if (find("status").textContent !== line) find("status").replaceChildren(...linked(line));
}

/* One can write before the bot is ready: it has help lines for people in danger even then. */
async function start(strings, options) {
  const pages = { language: "", limit: Infinity };
  const view = new View(strings, pages, (question) => submit(question));
  notes = new Notes(host, strings, pages);
  const replies = new Replies(strings, notes, pages, (line) => view.say(line));
  const chat = new Chat(view, replies, notes, strings);
  view.greet(make("p", { class: "greeting", dir: "auto" }, text(options.greeting, 500) || strings.greeting));

  function submit(question) {
    const over = [...question].length - pages.limit;
    if (!question || chat.isBusy) return;
    if (over > 0) {
      view.say(filled(strings.tooLong, { n: over }));
      return;
    }
    find("forget").hidden = false;
    if (view.question.value.trim() === question) view.question.value = "";
    if (TOUCH.matches) view.question.blur();
    chat.ask(question);
  }
  connect(view, chat, submit);
  const config = await configuration(strings);
  describe(config, strings, pages, view);
  view.offer(config.examples);

  function offerToForget() {
    if (!chat.hasBegun) find("forget").hidden = memory.recall() === null;
  }
  offerToForget();
  await untilGiven(() => chat.restore(), () => strings.notRestored);
  offerToForget();
}

/* What the bot says of its pages. */
function describe(config, strings, pages, view) {
  pages.language = config.language;
  pages.limit = config.limits.message_characters;
  view.disclaim(config.disclaimer);
  find("disclaimer").lang = config.language;
  if (config.language.startsWith(strings.code)) return;
  find("about").append(" ", filled(strings.language, { language: nameOf(config.language, strings.code) }));
}

function connect(view, chat, submit) {
  find("ask").onsubmit = (event) => {
    event.preventDefault();
    submit(view.question.value.trim());
  };
  view.question.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    submit(view.question.value.trim());
  };
  find("stop").onclick = () => chat.stop();
  find("forget").onclick = () => find("sure").showModal();
  find("sure").onclose = async () => {
    if (find("sure").returnValue !== "yes") return;
    find("sure").returnValue = "";
    opened(true);
    if (await chat.forget()) find("forget").hidden = true;
  };
}
