// A figure as SVG (drawn by the server from the chart's data) or as PNG (made of that SVG here).
import { html } from "./html.js";
import { address, model, note, query, say } from "./state.js";

const TIMES = 2;      // pixels of a PNG for one of the picture

export function save(blob, name) {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}

// What the server gives for an address; its faults, or that it does not answer, are told.
export async function fetched(url) {
  try {
    const reply = await fetch(url);
    if (reply.ok) return reply;
    note((await reply.json()).faults.join(" "));
  } catch { note(say("x_lost")); }
  return null;
}

async function png(text) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = TIMES * image.naturalWidth;
  canvas.height = TIMES * image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export async function figure(side, kind) {
  const q = new URLSearchParams(query.value);
  q.set("chart", side);
  note(say("x_drawing"), true);
  const reply = await fetched(address(q, ".svg", "explore"));
  if (!reply) return;
  const text = await reply.text(), name = `${model.value.country}-${q.get(side) ?? side}.${kind}`;
  save(kind === "png" ? await png(text) : new Blob([text], { type: "image/svg+xml" }), name);
  note(say("x_saved"));
}

// What closes a menu: Escape, or the focus leaving it.
export const shut = (e) => {
  const at = e.currentTarget;
  if (e.type === "keydown" ? e.key !== "Escape" : at.contains(e.relatedTarget)) return;
  at.open = false;
  if (e.type === "keydown") at.querySelector("summary").focus();
};

export function FigureMenu({ side, title }) {
  return html`<details class="menu" onKeyDown=${shut} onFocusOut=${shut}>
    <summary aria-label=${`${say("x_figure")}: ${title}`} title=${say("x_figure")}>⤓</summary>
    <div>${["svg", "png"].map((kind) => html`<button key=${kind} onClick=${(e) => {
      e.currentTarget.closest("details").open = false;
      figure(side, kind);
    }}>${say(`x_${kind}`)}</button>`)}</div></details>`;
}
