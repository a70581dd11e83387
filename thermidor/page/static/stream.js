// What is asked of the server: a path whole, or work that is told word by word as server-sent events.
import { batch } from "@preact/signals";
import { lost } from "./state.js";

const page = crypto.randomUUID().replaceAll("-", "");
const RETRY = 2000;   // milliseconds
const named = (path) => ({ "x-page": page + path.split("?")[0].replace(/\W/g, "") });  // one job a path
const isLast = (word) => ["refined", "end"].includes(word.kind) || (word.kind === "fault" && !word.name);

// hear: told each word; the last is refined or end, or a fault of the whole. body: posted if it is
// given. silence: milliseconds without a word after which a stream counts as broken. One that breaks
// is asked for again, after the last frame that came. Gives what ends it.
export function listen(path, body, hear, silence = 0) {
  const ended = new AbortController(), { signal } = ended;
  let day = null, again = null;
  const read = async () => {
    const headers = { ...named(path), "content-type": "text/plain" };
    if (day !== null) headers["last-event-id"] = String(day);
    const reply = await fetch(path, { method: body === undefined ? "GET" : "POST", body, headers, signal });
    lost.value = false;
    if (!reply.ok) return hear({ kind: "fault", faults: (await reply.json()).faults });
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = "", whole = false, silent = null; !whole;) {
      if (silence) silent = setTimeout(() => reader.cancel(), silence);
      const { done, value } = await reader.read().finally(() => clearTimeout(silent));
      if (done && !signal.aborted) throw new Error("the stream ended before its end");
      if (done) return;
      const parts = (text + value).split("\n\n");
      text = parts.pop();
      batch(() => parts.forEach((part) => {
        const word = JSON.parse(part.slice(part.indexOf("data: ") + 6));
        if (word.kind === "frame") day = word.day;
        whole ||= isLast(word);
        if (!signal.aborted) hear(word);
      }));
    }
  };
  const begin = () => read().catch((e) => {
    if (signal.aborted) return;
    lost.value = true;
    again = setTimeout(begin, RETRY);
  });
  begin();
  return () => { clearTimeout(again); ended.abort(); };
}

// What a path gives as JSON, or null.
export async function get(path, signal) {
  try {
    const reply = await fetch(path, { headers: named(path), signal });
    return reply.ok ? await reply.json() : null;
  } catch { return null; }
}
