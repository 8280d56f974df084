/* The conversation's id, for the life of the tab; where storage is blocked, for the life of the page. No text is kept here. */

const KEY = "footnote-conversation";
let held = null;

export function recall() {
  try {
    return sessionStorage.getItem(KEY) ?? held;
  } catch {
    return held;
  }
}

/* id: null forgets it. */
export function keep(id) {
  held = id;
  try {
    if (id === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, id);
  } catch {
    /* blocked: `held` is all there is */
  }
}
