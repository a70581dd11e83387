// What is asked of the server and told bit by bit, as server-sent events (page/tasks/stream.py).
import { lost } from "./state.js";

const page = crypto.randomUUID().replaceAll("-", "");
const RETRY = 2000;   // milliseconds

// hear: is told each word. Gives what ends it. A stream that breaks is asked for again.
export function asking(path, body, hear) {
  const ended = new AbortController();
  let again = null;
  const read = async () => {
    const reply = await fetch(path, { method: "POST", body, signal: ended.signal,
      headers: { "x-page": page, "content-type": "text/plain" } });
    lost.value = false;
    if (!reply.ok) {
      hear({ kind: "fault", name: "", faults: (await reply.json()).faults });
      return hear({ kind: "end" });
    }
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "", whole = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (text + value).split("\n\n");
      text = parts.pop();
      for (const part of parts) {
        const word = JSON.parse(part.slice(part.indexOf("data: ") + 6));
        whole ||= word.kind === "end";
        if (!ended.signal.aborted) hear(word);
      }
    }
    if (!whole && !ended.signal.aborted) throw new Error("the stream ended before its end");
  };
  const begin = () => read().catch((e) => {
    if (e.name === "AbortError" || ended.signal.aborted) return;
    lost.value = true;
    again = setTimeout(begin, RETRY);
  });
  begin();
  return () => { clearTimeout(again); ended.abort(); };
}
