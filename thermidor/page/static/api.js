// What the server is asked: the model of a country, and answers as they come.
import { about, answer, faults, fewWords, held, progress, query, stale } from "./state.js";
import { listen } from "./stream.js";

const SILENCE = 20000;  // milliseconds without a word, which come all along: it is asked again
let running = null, asked = null, later = false, pending = false;

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
  running?.();
  running = listen("/api/answer", body, hear, SILENCE);
}

function hear(word) {
  faults.value = word.faults ?? [];
  if (word.kind === "progress") { progress.value = word; return; }
  stale.value = pending = false;
  if (word.kind !== "preview") progress.value = null;
  if (word.kind === "fault") return;
  answer.value = { ...word, rests: word.rests ?? answer.peek()?.rests };  // a preview has none
  if (later) ask();
}
