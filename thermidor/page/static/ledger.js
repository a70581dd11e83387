// What it rests on: the rows that the reader changed first, then the weakest.
import { html } from "./html.js";
import { isChanged, model, say, valueOf } from "./state.js";

const MOST = 12;
const shown = (x) => typeof x === "number" ? String(Number(x.toPrecision(4))) : x;

export function Ledger() {
  const all = model.value.assumptions.flatMap((g) => g.controls);
  const rows = [...all.filter(isChanged), ...all.filter((c) => !isChanged(c) && c.drawn)].slice(0, MOST);
  return html`<section class="card ledger" aria-labelledby="rests">
    <h2 id="rests">${say("rests")}</h2><p class="note">${model.value.grades}</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="rests"><table><thead><tr>
      ${["assumption", "value", "plausible", "unit", "grade", "source"].map((k) =>
        html`<th key=${k} scope="col">${say(k)}</th>`)}</tr></thead>
    <tbody>${rows.map((c) => html`<tr key=${c.key} class=${isChanged(c) ? "changed" : ""}>
      <th scope="row">${c.says}</th><td>${shown(valueOf(c))}
      ${isChanged(c) && html` <span class="count">${say("changed")}</span>`}</td>
      <td>${c.range ?? ""}</td><td>${c.unit}</td><td>${c.grade}</td>
      <td>${c.source ?? say("no_source")}</td></tr>`)}</tbody></table></div>
  </section>`;
}
