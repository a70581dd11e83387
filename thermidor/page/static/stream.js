// Server-sent events that are taken up again after the last that came, when a stream is dropped.
const page = crypto.randomUUID().replaceAll("-", "");
const RETRY = 2000;   // milliseconds

// hear: told of the words of a piece together; the last of them is of kind end or fault.
// lost: told whether the server does not answer. Gives what ends it.
export function follow(path, hear, lost) {
  const ended = new AbortController();
  let last = null, whole = false, again = null;
  const read = async () => {
    const headers = { "x-page": page };
    if (last !== null) headers["last-event-id"] = last;
    const reply = await fetch(path, { headers, signal: ended.signal });
    lost(false);
    if (!reply.ok) return hear([{ kind: "fault", faults: (await reply.json()).faults }]);
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!whole) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (text + value).split("\n\n"), words = [];
      text = parts.pop();
      for (const part of parts) {
        const word = JSON.parse(part.slice(part.indexOf("data: ") + 6));
        if (part.startsWith("id: ")) last = String(word.day);
        whole = word.kind === "end" || word.kind === "fault";
        words.push(word);
      }
      if (words.length && !ended.signal.aborted) hear(words);
    }
    if (!whole && !ended.signal.aborted) throw new Error("the stream ended before its end");
  };
  const begin = () => read().catch((e) => {
    if (e.name === "AbortError" || ended.signal.aborted) return;
    lost(true);
    again = setTimeout(begin, RETRY);
  });
  begin();
  return () => { clearTimeout(again); ended.abort(); };
}

// What a path gives as JSON, or null.
export async function get(path, signal, method = "GET") {
  try {
    const reply = await fetch(path, { method, headers: { "x-page": page }, signal });
    return reply.ok ? await reply.json() : null;
  } catch (e) { return null; }
}
