// Model: the wiring, each mechanism in its words and equations, the ledger, what it was held against.
import { useEffect } from "preact/hooks";
import { effect, signal } from "@preact/signals";
import { html } from "../html.js";
import { ask } from "../api.js";
import { Command } from "../measured.js";
import { Cells, Table } from "../parts.js";
import { listen } from "../stream.js";
import { Wiring, told } from "../wiring.js";
import { about, answer, change, get, lost, query, say, stale } from "../state.js";

const MOST = 40;
const ONLY = { mine: (r) => r.was !== null, drawn: (r) => r.drawn, held: (r) => !r.drawn,
  carried: (r) => carried().has(r.key) };
const found = signal(null);             // the model of the present state
const weights = signal(null);
const faults = signal([]);
const far = signal(null);
const text = signal(""), every = signal(false);

const carried = () => new Map(!stale.value && answer.value?.rests
  ? answer.value.rests.rows.map((r) => [r.key, r]) : []);

let stop = null, before = null;
function read() {
  const q = new URLSearchParams(query.value);
  for (const key of about.peek().shown) q.delete(key);
  if (get("only", "") === "carried") ask();
  const wanted = q.toString();
  if (wanted === before) return;
  before = wanted;
  stop?.();
  weights.value = far.value = null;
  faults.value = [];
  stop = listen("/api/wiring", wanted, (word) => {
    if (word.kind === "part" && word.name === "model") found.value = word.found;
    if (word.kind === "part" && word.name === "weights") weights.value = word.found;
    if (word.kind === "fault") faults.value = word.faults;
    far.value = word.kind === "progress" ? word : null;
  });
}

function Weighed() {
  const w = weights.value, p = far.value;
  if (w) return html`<p class="note">${w.sentence}</p>`;
  if (faults.value.length) return html`<p class="warn" role="alert">${say("model_unweighted")} ${faults.value.join(" ")}</p>`;
  return html`<p class="note"><span class="chip busy">${p?.of ? say("model_weighing", p) : say("model_waiting")}</span></p>`;
}

function Value({ r }) {
  return html`${r.value}${r.was !== null && html` <span class="count">${say("changed")}</span>
    <small> ${say("model_was", { value: r.was })}</small>`}`;
}

const changedFirst = (a, b) => (b.was !== null) - (a.was !== null);
const marked = (t) => t.split("`").map((x, k) => k % 2 ? html`<code>${x}</code>` : x);
const Says = ({ r }) => html`${r.says} <code>${r.key}</code>${r.reason && html` <small>${r.reason}</small>`}`;
const Grade = ({ r }) => html`${r.grade}${r.learnt && html`<small>, ${say("model_fitted")}</small>`}`;

function Rows({ rows, label, more }) {
  const head = ["assumption", "value", "plausible", "unit", "grade", "source"];
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}><table class="rests"><thead><tr>
    ${head.map((k) => html`<th key=${k} scope="col">${say(k)}</th>`)}
    ${more && html`<th scope="col">${say("correlation")}</th>`}</tr></thead><tbody>
    ${rows.map((r) => html`<tr key=${r.key} class=${r.was !== null ? "changed" : ""}><th scope="row"><${Says} r=${r} /></th>
      <td><${Value} r=${r} /></td><td>${r.range}</td><td>${r.unit}</td><td><${Grade} r=${r} /></td>
      <td>${r.source || say("no_source")} ${r.rests && html`<small>${r.rests}</small>`}</td>
      ${more && html`<td>${more.get(r.key)?.correlation.toFixed(2)} ${more.get(r.key)?.beyond_luck === false
        && html`<small>(${say("luck")})</small>`}</td>`}</tr>`)}</tbody></table></div>`;
}

function Choices({ rows }) {
  return html`<ul class="listed choices">${rows.map((r) => html`<li key=${r.key}><${Says} r=${r} />:
    <${Value} r=${r} /> ${r.unit} <small>${r.range}, ${r.actor}</small></li>`)}</ul>`;
}

function Assumptions({ rows }) {
  return html`<ul class="listed">${rows.map((r) => html`<li key=${r.key} class=${r.was !== null ? "changed" : ""}><${Says} r=${r} />:
    <${Value} r=${r} />${r.range && ` (${r.range})`} ${r.unit} <small>· <${Grade} r=${r} /> · ${r.source || say("no_source")}
    ${" "}${r.rests}</small></li>`)}</ul>`;
}

function Part({ title, n, open, kind, children }) {
  if (!n) return null;
  return html`<details class=${`part-of ${kind ?? ""}`} open=${open}><summary><h3>${title}</h3> <span class="count">${n}</span></summary>
    ${children}</details>`;
}

const Told = ({ rows }) => html`<ul class="listed">${rows.map((s) => html`<li key=${s.key}>${s.says}
  <code>${s.key}</code> <small>${s.unit}</small></li>`)}</ul>`;

function Mechanism({ m }) {
  return html`<section class="card mechanism" aria-labelledby="mechanism">
    <button class="small back" onClick=${() => change({ show: null }, true)}>${say("model_close")}</button>
    <h2 id="mechanism">${m.title}${m.off && html` <span class="chip">${say("model_off")}</span>`}</h2>
    <div class="words">${m.text.map((b, k) => b.text ? html`<p key=${k}>${marked(b.text)}</p>`
      : html`<div class="equations" key=${k}>${b.equations.map(([line, label], j) =>
        html`<div key=${j}><code>${line}</code><span>${label && `(${label})`}</span></div>`)}</div>`)}</div>
    <${Part} title=${say("model_choices")} n=${m.choices.length} kind="choices" open=${m.choices.some((r) => r.was !== null)}>
      <${Choices} rows=${m.choices} /><//>
    <${Part} title=${say("model_assumptions")} n=${m.assumptions.length} kind="assumptions" open=${m.assumptions.some((r) => r.was !== null)}>
      <${Assumptions} rows=${[...m.assumptions].sort(changedFirst)} /><//>
    <${Part} title=${say("model_states")} n=${m.states.length}><${Told} rows=${m.states} /><//>
    <${Part} title=${say("model_channels")} n=${m.channels.length}><${Told} rows=${m.channels} /><//>
    <${Part} title=${say("model_cites")} n=${m.cites.length}><ul class="listed">${m.cites.map((c) =>
      html`<li key=${c}>${c}</li>`)}</ul><//>
  </section>`;
}

function All({ mechanisms }) {
  return html`<section class="card mechanism"><dl class="all">${mechanisms.map((m) => html`<dt key=${m.key}><button class="link"
    onClick=${() => change({ show: m.key }, true)}>${m.title}</button></dt><dd>${m.says}
    ${m.off && html` <small>(${say("model_off")})</small>`}</dd>`)}</dl></section>`;
}

function Pick({ name, label, options }) {
  return html`<label>${label} <select value=${get(name, "")} onChange=${(e) => change({ [name]: e.target.value }, true)}>
    <option value="" selected=${!get(name, "")}>${say("model_any")}</option>${options.map(([value, says]) =>
    html`<option key=${value} value=${value} selected=${value === get(name, "")}>${says}</option>`)}</select></label>`;
}

function Ledger({ m }) {
  const all = m.mechanisms.filter((x) => !x.off).flatMap((x) => x.assumptions);
  const of = get("of", ""), grade = get("grade", ""), only = get("only", ""), word = text.value.toLowerCase();
  const rows = all.filter((r) => (!of || r.mechanism === of) && (!grade || r.grade === grade)
    && (!ONLY[only] || ONLY[only](r)) && (!word || `${r.key} ${r.says}`.toLowerCase().includes(word)));
  rows.sort(changedFirst);
  const shown = every.value ? rows : rows.slice(0, MOST), more = only === "carried" ? carried() : null;
  return html`<section class="card ledger" aria-labelledby="ledger"><h2 id="ledger">${say("model_ledger")}</h2>
    <div class="filters"><${Pick} name="of" label=${say("model_mechanism")} options=${m.mechanisms.filter((x) => !x.off && x.assumptions.length).map((x) => [x.key, x.title])} />
      <${Pick} name="grade" label=${say("grade")} options=${m.grades.map((g) => [g, g])} />
      <${Pick} name="only" label=${say("model_only")} options=${Object.keys(ONLY).map((k) => [k, say(`model_${k}`)])} />
      <input type="search" placeholder=${say("search")} aria-label=${say("search")} value=${text.value}
        onInput=${(e) => { text.value = e.target.value; }} /></div>
    <p class="note" role="status">${say("model_shown", { n: rows.length, of: all.length })}
      ${only === "carried" && ` · ${stale.value ? say("working") : answer.value?.rests?.sentence ?? ""}`}</p>
    <${Rows} rows=${shown} label=${`${say("model_ledger")}, ${say("table")}`} more=${more} />
    ${shown.length < rows.length && html`<button onClick=${() => { every.value = true; }}>${say("model_more")}</button>`}
  </section>`;
}

function Gates({ gates }) {
  return html`<section class="card" aria-labelledby="gates"><h2 id="gates">${say("model_gates")}</h2>
    <p class="note">${say("model_gates_note")}</p>
    ${gates.map((g) => html`<section class="gate" key=${g.key}><h3>${g.title}</h3>
      ${g.sentences.map((s) => html`<p key=${s}>${s}</p>`)}
      ${g.tables.map((t) => html`<details key=${t.title}><summary>${t.title}</summary><${Cells} head=${t.head} rows=${t.rows} label=${t.title} /></details>`)}
      <p class="note">${say("model_again")} <code>${g.command}</code></p></section>`)}
  </section>`;
}

export function View() {
  useEffect(() => {
    before = null;
    const end = effect(read);
    return () => { end(); stop?.(); };
  }, []);
  const m = found.value, chosen = get("show", ""), one = m?.mechanisms.find((x) => x.key === chosen);
  return html`<main class="alone model"><div class="told">
    ${lost.value && html`<p class="warn" role="alert">${say("stopped")}</p>`}
    ${!m ? html`<section class="card answer" id="answer">${faults.value.map((f) => html`<p class="warn" role="alert" key=${f}>${f}</p>`)}
        <h1 class="waiting">${say("model_reading")} …</h1></section>`
      : html`<section class="card answer" id="answer" tabindex="-1"><p class="note">${m.title}</p><h1>${m.sentence}</h1></section>
        <div class="pair"><figure class="card"><h2>${say("model_wiring")}</h2>
          <${Wiring} m=${m} weights=${weights.value} chosen=${chosen} />
          <figcaption>${say("model_how")}</figcaption><${Weighed} />
          <${Table} chart=${told(m, weights.value)} /></figure>
          ${one ? html`<${Mechanism} key=${one.key} m=${one} />` : html`<${All} mechanisms=${m.mechanisms} />`}</div>
        <${Ledger} m=${m} /><${Gates} gates=${m.gates} />
        <section class="card" aria-labelledby="left"><h2 id="left">${say("model_left")}</h2>
          <ul class="plain">${[...m.left_out, ...m.not_given].map((x) => html`<li key=${x}>${x}</li>`)}</ul></section>`}
  </div></main>`;
}
