// What it rests on: the rows that the reader changed, then those that go with the answer most.
import { html } from "./html.js";
import { answer, isChanged, model, say, valueOf, yesNo } from "./state.js";

const shown = (x) => typeof x === "number" ? String(Number(x.toPrecision(4))) : x;
const HEAD = ["assumption", "value", "plausible", "grade", "correlation"];

function Row({ c, found }) {
  return html`<tr class=${isChanged(c) ? "changed" : ""}><th scope="row">${c.says}${c.reason && html` <small>${c.reason}</small>`}</th>
    <td data-of=${say("value")}>${c.switch && isChanged(c) ? yesNo(valueOf(c)) : html`${shown(valueOf(c))} <small>${c.unit}</small>`}${isChanged(c) && html` <span class="count">${say("changed")}</span>`}</td>
    <td data-of=${say("plausible")}>${c.range ?? ""}</td><td data-of=${say("grade")}>${c.grade} <small>${c.source ?? say("no_source")}</small></td>
    <td data-of=${say("correlation")}>${found && html`${found.correlation.toFixed(2)} ${!found.beyond_luck
      && html`<small>(${say("luck")})</small>`}`}</td></tr>`;
}

export function Ledger() {
  const all = model.value.assumptions.flatMap((g) => g.controls), rests = answer.value?.rests;
  const of = new Map((rests?.rows ?? []).map((r) => [r.key, r]));
  const carried = [...of.keys()].map((k) => all.find((c) => c.key === k)).filter(Boolean);
  const rows = [...all.filter(isChanged), ...carried.filter((c) => !isChanged(c))];
  return html`<section class="card ledger" aria-labelledby="rests">
    <h2 id="rests">${say("rests")}</h2><p class="note">${model.value.grades} ${rests?.sentence}</p>
    <div class="scroll rests-on" tabindex="0" role="region" aria-label=${`${say("rests")}, ${say("table")}`}><table class="stack"><thead><tr>
      ${HEAD.map((k) => html`<th key=${k} scope="col">${say(k)}</th>`)}</tr></thead>
    <tbody>${rows.map((c) => html`<${Row} key=${c.key} c=${c} found=${of.get(c.key)} />`)}</tbody>
    </table></div>
  </section>`;
}
