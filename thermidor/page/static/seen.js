// What was observed, on the charts of its series.
import { signal, effect } from "@preact/signals";
import { html } from "./html.js";
import { change, query, say } from "./state.js";

export const sightings = signal(null);  // { title, charts }, or { faults }
let asked = "";

effect(() => {
  const q = new URLSearchParams();
  for (const k of ["country", "seen"]) if (query.value.has(k)) q.set(k, query.value.get(k));
  const text = q.toString();
  if (text === asked) return;
  asked = text;
  if (!q.has("seen")) { sightings.value = null; return; }
  fetch(`/api/seen?${text}`).then((r) => r.json())
    .then((found) => { if (asked === text) sightings.value = found; }, () => { asked = ""; });
});

export const pointsOf = (chart) => sightings.value?.charts?.[chart.key] ?? [];

// A hook of uPlot: points with the range that they may have had.
export const spots = (points, ink) => (u) => {
  const c = u.ctx, size = devicePixelRatio;
  c.save();
  c.fillStyle = c.strokeStyle = ink;
  c.lineWidth = 1.5 * size;
  for (const p of points) {
    const x = u.valToPos(p.day, "x", true);
    const [y, low, high] = ["value", "low", "high"].map((k) => u.valToPos(p[k], "y", true));
    c.beginPath(); c.moveTo(x, low); c.lineTo(x, high); c.stroke();
    c.beginPath(); c.arc(x, y, 4 * size, 0, 2 * Math.PI); c.fill();
  }
  c.restore();
};

const cell = (x) => Number(x.toPrecision(4)).toLocaleString("en");

export function Observed({ chart }) {
  const s = sightings.value, points = pointsOf(chart);
  if (!points.length) return null;
  return html`<details class="table"><summary>● ${say("x_seen")}: ${s.title}</summary><div class="scroll"
    tabindex="0" role="region" aria-label=${s.title}><table><thead><tr>${["x_day", "value", "x_between", "source",
      "x_known"].map((k) => html`<th key=${k} scope="col">${say(k)}</th>`)}</tr></thead><tbody>${points.map((p) => html`
    <tr key=${p.date}><th scope="row">${p.date}</th><td>${cell(p.value)}</td><td>${cell(p.low)} – ${cell(p.high)}</td>
    <td>${p.source}</td><td>${p.known}</td></tr>`)}</tbody></table></div>
    <button class="small" onClick=${() => change({ seen: null })}>${say("x_clear")}</button></details>`;
}

export function SeenFaults() {
  const f = sightings.value?.faults;
  return f ? html`<div class="faults" role="alert"><ul>${f.map((x) => html`<li key=${x}>${x}</li>`)}</ul></div>` : null;
}
