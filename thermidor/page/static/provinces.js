// Provinces in five steps of one hue: on their outlines, or as tiles where there are none.
import { useMemo } from "preact/hooks";
import { html } from "./html.js";
import { say } from "./state.js";
import { tell } from "./traces.js";

const STEPS = 5, LETTER = 30;           // as large as a number in future.css

// Bounds between steps, with as many of the values that are not 0 in each.
export function cuts(values) {
  const some = values.filter((v) => v > 0).sort((a, b) => a - b);
  const n = Math.min(STEPS, new Set(some).size);
  const ends = [...Array(Math.max(0, n - 1))].map((_, k) => some[Math.ceil(some.length * (k + 1) / n) - 1]);
  return [...new Set(ends)].filter((v) => v < some.at(-1));
}
export const stepOf = (at, v) => v > 0 ? 1 + at.filter((c) => v > c).length : 0;

// Numbers that would lie over one another: those of the smaller are left out.
const apart = (shapes) => [...shapes].sort((a, b) => b.wide - a.wide).reduce((kept, s) =>
  kept.some((t) => Math.abs(t.x - s.x) < LETTER && Math.abs(t.y - s.y) < LETTER) ? kept : [...kept, s], []);

function shaped(outlines) {
  let wide = 0, high = 0;
  for (const o of outlines) for (const r of o.rings) for (const [x, y] of r) {
    wide = Math.max(wide, x); high = Math.max(high, y);
  }
  const shapes = outlines.map((o) => {
    const d = o.rings.map((r) => `M${r.map(([x, y]) => `${x} ${high - y}`).join("L")}Z`).join("");
    const most = o.rings.reduce((a, b) => b.length > a.length ? b : a);
    const xs = most.map((p) => p[0]);
    return { id: o.id, d, x: o.at[0], y: high - o.at[1], wide: Math.max(...xs) - Math.min(...xs) };
  });
  return { wide, high, shapes };
}

function Outlines({ outlines, step, told }) {
  const { wide, high, shapes } = useMemo(() => shaped(outlines), [outlines]);
  return html`<svg class="map" viewBox=${`-4 -4 ${wide + 8} ${high + 8}`} aria-hidden="true">
    ${shapes.map((s) => html`<path key=${s.id} class=${`step${step[s.id] ?? 0}`} d=${s.d}>
      <title>${told[s.id]}</title></path>`)}
    ${apart(shapes.filter((s) => s.wide > 40 && step[s.id] > 0)).map((s) => html`<text key=${s.id} x=${s.x} y=${s.y}
      class=${`step${step[s.id]}`}>${step[s.id]}</text>`)}</svg>`;
}

// values: by province, in the order of `provinces`.  legend: text by step, if it is known.
export function Provinces({ provinces, outlines, values, at, unit }) {
  const step = {}, told = {};
  provinces.forEach((p, k) => {
    step[p.id] = stepOf(at, values[k] ?? 0);
    told[p.id] = `${p.name}: ${tell(values[k])}`;
  });
  const rows = provinces.map((p, k) => [p.name, step[p.id], values[k]])
    .sort((a, b) => (b[2] ?? 0) - (a[2] ?? 0));
  const legend = at.length > 0 && html`<ol class="steps" aria-hidden="true">
    ${[...at, null].map((c, k) => html`<li key=${k}><i class=${`step${k + 1}`}>${k + 1}</i>
      ${c === null ? `> ${tell(at.at(-1))}` : `≤ ${tell(c)}`}</li>`)}</ol>`;
  return html`${outlines.length > 0
    ? html`<${Outlines} outlines=${outlines} step=${step} told=${told} />`
    : html`<ul class="tiles" aria-hidden="true">${provinces.map((p, k) => html`<li key=${p.id}
        class=${`step${step[p.id]}`} title=${told[p.id]}><span>${p.name}</span>
        <b>${tell(values[k])}</b></li>`)}</ul>`}
    ${legend}
    <details class="table"><summary>${say("table")}</summary><div class="scroll" tabindex="0" role="region"
      aria-label=${unit}><table><thead><tr><th scope="col">${say("future_province")}</th>
      <th scope="col">${say("future_step")}</th><th scope="col">${unit}</th></tr></thead>
      <tbody>${rows.map(([name, k, v]) => html`<tr key=${name}><th scope="row">${name}</th><td>${k || "–"}</td>
        <td>${tell(v)}</td></tr>`)}</tbody></table></div></details>`;
}
