// What stands side by side: curves on shared axes, grids with a column a side.
import { html } from "./html.js";
import { Table } from "./parts.js";

const W = 420, H = 190, LEFT = 40, BOTTOM = 26, TOP = 8;
const steps = (most) => {
  const raw = most / 4, ten = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * ten).find((k) => k >= raw);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, k) => k * step);
};

function Panel({ chart, lines }) {
  const x = (d) => LEFT + (W - LEFT - 12) * d / chart.x_most;
  const y = (v) => TOP + (H - TOP - BOTTOM) * (1 - v / chart.high);
  const path = (l, key) => l.x.map((d, k) => `${k ? "L" : "M"}${x(d).toFixed(1)} ${y(l[key][k]).toFixed(1)}`).join("");
  const back = (l) => l.x.map((d, k) => `L${x(d).toFixed(1)} ${y(l.low[k]).toFixed(1)}`).reverse().join("");
  return html`<div class="panel"><svg viewBox=${`0 0 ${W} ${H}`} aria-hidden="true">
    ${[0, 25, 50, 75, 100].map((v) => html`<line key=${v} class="mesh" x1=${LEFT} x2=${W - 12} y1=${y(v)} y2=${y(v)} />
      <text key=${`t${v}`} x=${LEFT - 6} y=${y(v) + 4} text-anchor="end">${v}</text>`)}
    ${steps(chart.x_most).map((d) => html`<text key=${d} x=${x(d)} y=${H - 8} text-anchor="middle">${d.toLocaleString("en")}</text>`)}
    ${lines.map(({ line: l, k }) => html`<g key=${k} class=${`side s${k}`}><path class="band" d=${`${path(l, "high")}${back(l)}Z`} />
      <path class="curve" d=${path(l, "y")} /></g>`)}
    </svg><ul class="sides" aria-hidden="true">${lines.map(({ line: l, k }) => html`<li key=${k} class=${`side s${k}`}>
      <svg viewBox="0 0 30 8"><path class="curve" d="M0 4H30" /></svg>${l.name}</li>`)}</ul></div>`;
}

export function Curves({ chart, hint }) {
  let k = 0;
  const panels = chart.panels.map((of) => of.map((line) => ({ line, k: k++ })));
  return html`<figure class=${`card beside ${panels.length > 1 ? "wide" : ""}`}><h2>${chart.title} <small>${chart.unit}</small></h2>
    <div class="panels">${panels.map((lines, i) => html`<${Panel} key=${i} chart=${chart} lines=${lines} />`)}</div>
    <figcaption>${chart.sentence} <small>${hint}</small></figcaption>
    <${Table} chart=${chart} /></figure>`;
}

export function Grid({ chart }) {
  return html`<figure class="card beside"><h2>${chart.title} <small>${chart.unit}</small></h2>
    <div class="scroll" tabindex="0" role="region" aria-label=${chart.title}><table class="grid"><thead><tr><td></td>
      ${chart.head.map((h, k) => html`<th key=${k} scope="col">${h}</th>`)}</tr></thead>
    <tbody>${chart.rows.map((r) => {
      const most = chart.high ?? Math.max(...r.cells.map((c) => c?.high ?? 0), 1e-12);
      return html`<tr key=${r.label}><th scope="row" title=${r.says}>${r.label}</th>${r.cells.map((c, k) => html`<td
        key=${k} class=${`side s${k}`}>${c ? html`<span class="meter" aria-hidden="true" style=${{ "--value": c.value / most,
        "--low": c.low / most, "--high": c.high / most }}><i></i><b></b></span>${c.told}` : "–"}</td>`)}</tr>`;
    })}</tbody></table></div><figcaption>${chart.sentence}</figcaption></figure>`;
}
