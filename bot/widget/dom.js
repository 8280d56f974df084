/* Making elements. Text only ever becomes text. */

/* name: tag; properties: of the element, `class`, `data` and `aria` besides; children: nodes, strings, or nothing. */
export function make(name, properties = {}, ...children) {
  const { class: className, data, aria, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  if (className) element.className = className;
  for (const [key, value] of Object.entries(data ?? {})) element.dataset[key] = value;
  for (const [key, value] of Object.entries(aria ?? {})) element.setAttribute(`aria-${key}`, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const button = (text, onclick, properties = {}) => make("button", { type: "button", onclick, ...properties }, text);

/* What the bot says of itself may name lines of help and places in the sources; nothing else becomes a link. */
const LINKS = /\/source\/[\w.-]*\w(?:#s\d+-\d+)?|\bfindahelpline\.com\b|\bclinicaltrials\.gov\b|\b(?:988|911|1-800-\d{3}-\d{4})\b/g;

export function linked(text, readSource) {
  const parts = [];
  let at = 0;
  for (const { 0: said, index } of text.matchAll(LINKS)) {
    parts.push(text.slice(at, index), link(said, readSource));
    at = index + said.length;
  }
  return [...parts, text.slice(at)];
}

function link(said, readSource) {
  if (said.startsWith("/source/")) return outward(said, readSource);
  if (/^\d/.test(said)) return make("a", { class: "call", href: `tel:${said.replaceAll("-", "")}` }, said);
  return outward(`https://${said}`, said, "call");
}

/* A link that leaves the panel. */
export function outward(href, text, className = "source") {
  return make("a", { class: className, href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/* The address of a place in a source, on this server and nowhere else; null for any other. */
export function sourceAddress(url) {
  let known;
  try {
    known = new URL(url, location.origin);
  } catch {
    return null;
  }
  return known.origin === location.origin && known.pathname.startsWith("/source/") ? known.href : null;
}
