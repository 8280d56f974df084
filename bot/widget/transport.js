/* The bot's API. Whatever goes wrong is a Failure. */

/* To the first byte of a response; to the end of a short one, or between two parts of a stream, of which the server sends one every 15 s. */
const RESPONSE_MS = 60_000;
const SILENCE_MS = 40_000;

/* reason: offline, unreachable, limited, starting, refused, cut or failed; wait: seconds, 0 where none is known. */
export class Failure extends Error {
  constructor(reason, wait = 0) {
    super(reason);
    this.reason = reason;
    this.wait = wait;
  }
}

const REASONS = { 403: "refused", 429: "limited", 503: "starting" };

async function call(path, options = {}) {
  let response;
  try {
    const sent = fetch(path, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", ...options });
    response = await withinTime(sent, RESPONSE_MS, "unreachable");
  } catch (error) {
    if (options.signal?.aborted || error instanceof Failure) throw error;
    throw new Failure(navigator.onLine ? "unreachable" : "offline");
  }
  if (response.ok || response.status === 404) return response;
  throw new Failure(REASONS[response.status] ?? "failed", Number(response.headers.get("Retry-After")) || 0);
}

async function read(path) {
  const response = await call(path);
  if (response.status === 404) return null;
  try {
    return await withinTime(response.json(), SILENCE_MS, "failed");
  } catch {
    throw new Failure("failed");
  }
}

function send(body, more = {}) {
  return { method: "POST", headers: { "Content-Type": "application/json", ...more.headers }, body: JSON.stringify(body), signal: more.signal };
}

export async function config() {
  const known = await read("/api/v1/config");
  if (known === null) throw new Failure("failed");
  return known;
}

/* null when it is no longer there. */
export const conversation = (id) => read(`/api/v1/conversations/${encodeURIComponent(id)}`);

export const forget = (id) => call(`/api/v1/conversations/${encodeURIComponent(id)}`, { method: "DELETE" });

/* rating: up or down; comment: at most 1000 characters, or none. */
export async function rate(replyId, rating, comment) {
  const response = await call("/api/v1/feedback", send({ reply_id: replyId, rating, ...(comment && { comment }) }));
  if (response.status === 404) throw new Failure("failed");
}

/* Yields {event, data} as they come, the last of them `done`. Throws Failure, or the signal's AbortError. */
export async function* ask(message, conversationId, signal) {
  const response = await call(
    "/api/v1/chat",
    send({ message, conversation_id: conversationId }, { signal, headers: { Accept: "text/event-stream" } }),
  );
  if (response.status === 404) throw new Failure("failed");
  for await (const { event, data } of events(response.body)) {
    if (event === "error") throw new Failure("cut");
    yield { event, data };
    if (event === "done") return;
  }
  throw new Failure("cut");
}

/* Server-sent events of a stream, as the HTML standard has them: field lines, an empty line ends an event. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await withinTime(reader.read(), SILENCE_MS, "cut").catch(() => cut());
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      const blank = lines.lastIndexOf("", lines.length - 2);
      rest = lines.splice(blank + 1).join("\n");
      yield* parsed(lines);
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function* parsed(lines) {
  let event = "";
  let data = "";
  for (const line of lines) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data += line.slice(5);
    else if (line === "" && data) {
      yield { event, data: json(data) };
      event = data = "";
    }
  }
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return cut();
  }
}

function cut() {
  throw new Failure("cut");
}

/* What work gives, or a Failure when it takes longer. */
async function withinTime(work, ms, reason) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failure(reason)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
