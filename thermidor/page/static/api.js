// What the server is asked: the model of a country, and answers as they come.
import { about, answer, faults, fewWords, held, lost, progress, query, stale } from "./state.js";

const page = crypto.randomUUID().replaceAll("-", "");
const RETRY = 2000;   // milliseconds
const SILENCE = 20000;  // milliseconds without a word, which come all along: it is asked again
let running = null, asked = null, again = null, later = false, pending = false;

export async function loadModel() {
  const q = query.value;
  const only = new URLSearchParams(q.has("country") ? { country: q.get("country") } : {});
  const reply = await fetch(`/api/model?${only}`);
  const told = await reply.json();
  if (reply.ok) about.value = told;
  else { faults.value = told.faults; fewWords.value = told.words ?? {}; }
  return reply.ok;
}

// What does not change the numbers does not ask for them again.
const wanted = (q) => {
  const text = new URLSearchParams(q);
  for (const key of about.peek().shown) if (key !== "left" && key !== "right") text.delete(key);
  return text.toString();
};

// During a drag a preview that has begun is waited for, and then the newest setting is asked for:
// so previews come all along. A release does not wait.
export function ask(force = false) {
  const body = wanted(query.value);
  if (!force && body === asked) return;
  later = held.peek() && pending;
  if (later && !force) return;
  asked = body;
  later = false;
  pending = true;
  stale.value = !(held.peek() && answer.peek()?.kind === "preview");  // previews follow the slider
  progress.value = null;
  clearTimeout(again);
  running?.abort();
  running = new AbortController();
  stream(body, running.signal).catch((e) => {
    if (e.name === "AbortError") return;
    lost.value = true;
    pending = false;
    again = setTimeout(() => ask(true), RETRY);
  });
}

async function stream(body, signal) {
  const reply = await fetch("/api/answer", {
    method: "POST", body, signal, headers: { "x-page": page, "content-type": "text/plain" },
  });
  lost.value = false;
  if (!reply.ok) {
    faults.value = (await reply.json()).faults;
    progress.value = null;
    stale.value = pending = false;
    return;
  }
  faults.value = [];
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "", whole = false, silent = null;
  for (;;) {
    silent = setTimeout(() => reader.cancel(), SILENCE);  // the laptop slept, the server stands still
    const { done, value } = await reader.read().finally(() => clearTimeout(silent));
    if (done) break;
    text += value;
    const parts = text.split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").find((line) => line.startsWith("data: "));
      if (data && !signal.aborted) whole = hear(JSON.parse(data.slice(6))) || whole;
    }
  }
  if (!whole && !signal.aborted) throw new Error("the stream ended before its answer");
}

function hear(word) {
  if (word.kind === "progress") progress.value = word;
  else if (word.kind === "fault") { faults.value = word.faults; progress.value = null; stale.value = pending = false; return true; }
  else {
    answer.value = { ...word, rests: word.rests ?? answer.peek()?.rests };  // a preview has none
    stale.value = pending = false;
    if (later) ask();
    if (word.kind === "refined") { progress.value = null; return true; }
  }
  return false;
}
