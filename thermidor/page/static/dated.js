// Choices that turn on a date: c.KEY@DATE in the address, a table by the control.
import { signal } from "@preact/signals";
import { html } from "./html.js";
import { change, datesOf, keyOf, model, note, same, say, valueOf, without, yesNo } from "./state.js";

const opened = signal({});
const after = (days) => {
  const day = new Date(`${model.value.start}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
};

export function DatedButton({ c }) {
  const on = opened.value[c.key] || datesOf(c).length > 0;
  return html`<button class="small" aria-expanded=${on ? "true" : "false"} aria-controls=${`dates-${c.key}`}
    aria-label=${`${say("x_dated")}: ${c.says}`} title=${say("x_dated")}
    onClick=${() => { opened.value = { ...opened.value, [c.key]: !opened.value[c.key] }; }}>⋯</button>`;
}

function Value({ c, value, label, onChange }) {
  if (!c.switch) return html`<input type="number" step="any" min=${c.least} max=${c.most} value=${value} aria-label=${label} onChange=${onChange} />`;
  return html`<select aria-label=${label} onChange=${onChange}>${[0, 1].map((x) => html`<option key=${x} value=${x}
    selected=${x === Number(value)}>${yesNo(x)}</option>`)}</select>`;
}

export function DatedTable({ c }) {
  const rows = datesOf(c);
  if (!rows.length && !opened.value[c.key]) return null;
  const key = (date) => `${keyOf(c)}@${date}`;
  const free = (date) => !rows.some(([d]) => d === date) || note(say("x_twice"));
  const add = () => {
    let days = Math.max(1, Math.round(model.value.days / 2));
    while (rows.some(([d]) => d === after(days)) && days < model.value.days) days += 1;
    if (free(after(days))) change({ [key(after(days))]: rows.at(-1)?.[1] ?? valueOf(c) });
  };
  return html`<div class="dated" id=${`dates-${c.key}`}><table aria-label=${`${say("x_dated")}: ${c.says}`}>
    <thead><tr><th scope="col">${say("x_date")}</th><th scope="col">${say("value")} ${!c.switch && html`(${c.unit})`}</th><td></td></tr></thead>
    <tbody>${rows.map(([date, value]) => html`<tr key=${date}><td><input type="date" value=${date} required
        aria-label=${`${say("x_date")}: ${c.says}`} min=${after(1)} max=${after(model.value.days)}
        onChange=${(e) => e.target.value && e.target.value !== date && free(e.target.value)
          && change({ [key(date)]: null, [key(e.target.value)]: value })} /></td>
      <td><${Value} c=${c} value=${value} label=${`${c.says}, ${say("x_date")} ${date}`}
        onChange=${(e) => e.target.value !== "" && change({ [key(date)]: e.target.value })} />
        ${same(value, without(c, date)) && html`<small>${say("x_same")}</small>`}</td>
      <td><button class="small" onClick=${() => change({ [key(date)]: null })}
        aria-label=${`${say("x_remove")}: ${date}`}>✕</button></td></tr>`)}</tbody></table>
    <button class="small" onClick=${add}>${say("x_add")}</button></div>`;
}
