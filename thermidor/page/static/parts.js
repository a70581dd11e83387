// Parts of all views: faults, a link to a view, a table.
import { html } from "./html.js";
import { address, resting, say } from "./state.js";

export const Faults = ({ faults }) => faults.length > 0 && html`<div class="faults" role="alert">
  <strong>${say("fault")}</strong><ul>${faults.map((f) => html`<li key=${f}>${f}</li>`)}</ul></div>`;

// A link to a view with other settings, which stays on the page.
export function Link({ to, edits, follow, children, ...rest }) {
  const next = new URLSearchParams(resting.value);
  for (const [k, v] of Object.entries(edits)) if (v) next.set(k, v); else next.delete(k);
  return html`<a href=${address(next, "", to)} ...${rest} onClick=${(e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    follow();
  }}>${children}</a>`;
}

// Rows of cells, the first of each its head. mark: the class of a row, by its number.
export function Cells({ head, rows, label, mark = () => "" }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}><table>
    <thead><tr>${head.map((h, k) => html`<th key=${k} scope="col">${h}</th>`)}</tr></thead>
    <tbody>${rows.map((r, k) => html`<tr key=${k} class=${mark(k) || null}>${r.map((x, j) => j
      ? html`<td key=${j}>${x}</td>` : html`<th key=${j} scope="row">${x}</th>`)}</tr>`)}</tbody></table></div>`;
}

const figures = new Intl.NumberFormat("en");
const shown = (x) => typeof x === "number" ? figures.format(Number(x.toPrecision(4))) : x ?? "–";

// The table of a chart, which opens.
export function Table({ chart }) {
  const { head, rows } = chart.table;
  return html`<details class="table"><summary>${say("table")}</summary><${Cells} head=${head}
    rows=${rows.map((r) => r.map(shown))} label=${`${chart.title}, ${say("table")}`} /></details>`;
}
