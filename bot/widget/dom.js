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

export const find = (id) => document.getElementById(id);

export const button = (text, onclick, properties = {}) => make("button", { type: "button", onclick, ...properties }, text);

/* Drawn here, as not every device has a glyph for each. */
const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  up: "M7 11v9H4v-9zM7 11l4-7c2 0 2.5 1.5 2 3l-.5 3H19c1 0 2 1 1.7 2.3l-1.5 6.2c-.2.9-1 1.5-2 1.5H7",
  down: "M7 13V4H4v9zM7 13l4 7c2 0 2.5-1.5 2-3l-.5-3H19c1 0 2-1 1.7-2.3l-1.5-6.2c-.2-.9-1-1.5-2-1.5H7",
};
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/* What the bot says of itself may name lines of help and places in the sources; nothing else becomes a link. */
const LINKS = /\/source\/[\w.-]*\w(?:#s\d+-\d+)?|\bfindahelpline\.com\b|\bclinicaltrials\.gov\b|(?<![\d.-])(?:988|911|1-800-\d{3}-\d{4})\b/g;

export function linked(text, readSource) {
  const parts = [];
  let at = 0;
  for (const { 0: said, index } of text.matchAll(LINKS)) {
    parts.push(text.slice(at, index), link(said, readSource));
    at = index + said.length;
  }
  return [...parts, text.slice(at)];
}

/* A call goes out from the page's window, which stays where it is: from the frame, the site's `frame-src` would take the panel away. */
function link(said, readSource) {
  if (said.startsWith("/source/")) return outward(said, readSource);
  if (/^\d/.test(said)) return make("a", { class: "call", href: `tel:${said.replaceAll("-", "")}`, target: "_top" }, said);
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
