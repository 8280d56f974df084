// Opens the numbered note that a mark in an answer stands for, copies an answer with its sources, and
// brings each new question to the top, so that its answer is read from its beginning.
// Listens on the document, because Gradio replaces the messages as they arrive.

document.addEventListener("click", (event) => {
  const mark = event.target.closest("a.fn-ref");
  if (mark) {
    event.preventDefault();
    openNote(decodeURIComponent(mark.hash.slice(1)));
  }
  const copy = event.target.closest("button.fn-copy");
  if (copy) {
    copyText(copy);
  }
});

function openNote(id) {
  const note = document.getElementById(id);
  if (!note) {
    return;
  }
  note.open = true;
  note.querySelector("summary").focus({ preventScroll: true });
  note.scrollIntoView({ block: "nearest", behavior: motion() });
}

function motion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

async function copyText(button) {
  button.dataset.label ??= button.textContent;
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(withOrigin(button.nextElementSibling.textContent));
  } catch {
    said = "Copying is not allowed here";
  }
  button.textContent = said;
  clearTimeout(button.dataset.until);
  button.dataset.until = setTimeout(() => {
    button.textContent = button.dataset.label;
  }, 2000);
}

function withOrigin(text) {
  return text.replaceAll(/ (?=\/source\/[\w.-]+#s\d+-\d+)/g, ` ${location.origin}`);
}

let asked = 0;

new MutationObserver(() => {
  const questions = document.querySelectorAll(".fn-asked");
  if (questions.length > asked) {
    questions[questions.length - 1].scrollIntoView({ block: "start", behavior: motion() });
  }
  asked = questions.length;
}).observe(document.documentElement, { childList: true, subtree: true });
