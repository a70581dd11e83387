// The wiring: mechanisms one below the other, arcs from who speaks to whom; on the right they lead
// down, on the left up.
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";
import { address, change, resting, say } from "./state.js";

const ROW = 34, OFF = 6, LABEL = 116, HEAD = 7;

// One arc a pair, as wide as its largest part of a channel.
function arcs(m, weights, chosen) {
  const part = new Map((weights?.rows ?? []).map((r) => [`${r.channel} ${r.from}`, r.part]));
  const found = new Map();
  for (const a of m.arrows) {
    if (a.from === a.to) continue;
    const key = `${a.from} ${a.to}`, wide = weights ? part.get(`${a.channel} ${a.from}`) ?? 0 : null;
    const known = found.get(key) ?? { from: a.from, to: a.to, wide: weights ? 0 : null };
    if (weights) known.wide = Math.max(known.wide, wide);
    found.set(key, known);
  }
  const spoken = [...found.values()];
  if (!chosen) return spoken;
  const read = m.reads.filter((r) => r.from === chosen || r.to === chosen).map((r) => ({ ...r, read: true }));
  return [...read, ...spoken];
}

function Arc({ a, at, width, rows, chosen }) {
  const down = at[a.to] > at[a.from], side = down ? 1 : -1;
  const x = width / 2 + side * LABEL / 2, room = width / 2 - LABEL / 2 - HEAD;
  const bulge = side * room * 1.25 * (Math.abs(at[a.to] - at[a.from]) / rows) ** 0.6;
  const from = ROW * (at[a.from] + 0.5) + side * OFF, to = ROW * (at[a.to] + 0.5) - side * OFF;
  const near = !chosen || a.from === chosen || a.to === chosen;
  const wide = a.read ? 1 : a.wide === null ? 1.5 : 0.8 + 4.5 * Math.sqrt(a.wide / 100);
  const state = `${near ? "near" : "far"} ${a.read ? "read" : a.from === chosen ? "says" : a.to === chosen ? "hears" : ""}`;
  const end = x + side * (HEAD - 1);
  return html`<g class=${state}><path d=${`M${x} ${from}C${x + bulge} ${from} ${x + bulge} ${to} ${end} ${to}`}
      stroke-width=${wide} />
    <polygon points=${`${x},${to} ${x + side * HEAD},${to - 4} ${x + side * HEAD},${to + 4}`} /></g>`;
}

export function Wiring({ m, weights, chosen }) {
  const box = useRef(null), [width, resize] = useState(520), [over, hover] = useState(null);
  useEffect(() => {
    const seen = new ResizeObserver(() => resize(box.current?.clientWidth || 520));
    seen.observe(box.current);
    return () => seen.disconnect();
  }, []);
  const on = m.mechanisms.filter((x) => !x.off), at = Object.fromEntries(on.map((x, k) => [x.key, k]));
  const one = over ?? (chosen in at ? chosen : null);
  const go = (e, key) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    change({ show: key === chosen ? null : key }, true);
  };
  const to = (key) => { const q = new URLSearchParams(resting.value); q.set("show", key); return address(q); };
  const drawn = arcs(m, weights, one).filter((a) => a.from in at && a.to in at);
  const last = (a) => one && (a.from === one || a.to === one) ? 1 : 0;
  return html`<div class=${`wiring ${weights ? "" : "bare"}`} ref=${box} onMouseLeave=${() => hover(null)}>
    <svg width=${width} height=${ROW * on.length} aria-hidden="true" focusable="false">
      ${drawn.sort((a, b) => last(a) - last(b)).map((a) => html`<${Arc} key=${`${a.from} ${a.to} ${a.read}`} a=${a} at=${at}
        width=${width} rows=${on.length} chosen=${one} />`)}</svg>
    <ul>${on.map((x) => html`<li key=${x.key} style=${{ height: `${ROW}px` }}><a href=${to(x.key)}
      aria-current=${x.key === chosen ? "true" : null} title=${x.says} onMouseEnter=${() => hover(x.key)}
      onFocus=${() => hover(null)} onClick=${(e) => go(e, x.key)}>${x.title}</a></li>`)}</ul>
  </div>`;
}

const number = (x) => x === undefined ? "–" : Number(x.toPrecision(3)).toLocaleString("en");

// The arrows as a table.
export function told(m, weights) {
  const of = new Map((weights?.rows ?? []).map((r) => [`${r.channel} ${r.from}`, r]));
  return { title: say("model_wiring"), table: {
    head: ["from", "to", "channel", "size", "net", "part"].map((k) => say(`model_${k}`)),
    rows: m.arrows.map((a) => {
      const r = of.get(`${a.channel} ${a.from}`);
      return [a.from, a.to, `${a.says} (${a.unit})`, number(r?.size), number(r?.net), r ? r.part.toFixed(0) : "–"];
    }),
  } };
}
