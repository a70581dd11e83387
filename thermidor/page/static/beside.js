// Beside the answer, once it is refined: one future told, the map, who moves whom.
import { useMemo } from "preact/hooks";
import { effect, signal, untracked } from "@preact/signals";
import { html } from "./html.js";
import { get as fetched } from "./stream.js";
import { Table } from "./parts.js";
import { Trace } from "./traces.js";
import { Provinces, cuts } from "./provinces.js";
import { address, answer, change, get, open, query, resting, say, stale } from "./state.js";

const FIRST = 3;                        // channels that are shown at once
const beside = signal(null), old = signal(false);
let asked = null, last = null;

const wanted = () => {
  const q = new URLSearchParams();
  for (const [k, v] of query.value)
    if (["country", "seed", "ending"].includes(k) || /^[ca]\./.test(k)) q.set(k, v);
  return q.toString();
};

// Asked for only once the refined answer is there; a change of the settings ends it.
export const watchAnswer = () => effect(() => {
  const q = wanted(), ready = answer.value?.kind === "refined" && !stale.value;
  if (q !== last) { asked?.abort(); old.value = true; }
  if (!ready || q === last) return;
  last = q;
  untracked(() => {
    asked = new AbortController();
    const { signal: ended } = asked;
    fetched(`/explore/beside.json?${q}`, ended).then((found) => {
      if (ended.aborted) return;
      if (found) { beside.value = found; old.value = false; }
      else last = null;
    });
  });
});

function Told({ b }) {
  const t = b.told, marks = t.events.filter((e) => e.mark).map((e) => ({ day: e.day, n: e.mark }));
  const bare = marks.map(({ day }) => ({ day })), edits = { future: b.run, day: null, study: null };
  const link = new URLSearchParams(resting.value);
  link.set("future", b.run);
  return html`<figure class=${`card one ${old.value ? "stale" : ""}`} aria-labelledby="one">
    <div class="choose"><h2 id="one">${say("explore_one")}</h2>
      <label><small>${say("explore_kind")}</small> <select onChange=${(e) => change({ ending: e.target.value })}>
      ${b.endings.map((e) => html`<option key=${e.ending} value=${e.ending} selected=${e.ending === b.ending}>
        ${say("explore_ending", { ending: e.ending, n: e.futures, of: b.futures })}</option>`)}</select></label></div>
    <p class="lead">${t.title} <a href=${address(link, "", "future")} onClick=${(e) => {
      e.preventDefault();
      open("future", edits);
    }}>${say("explore_watch")}</a></p>
    <div class="traces">${t.panels.map((p, k) => html`<${Trace} key=${p.title} panel=${p} lines=${p.values}
      days=${t.days} until=${t.until} at=${null} marks=${k ? bare : marks} />`)}</div>
    <ol class="events">${t.events.map((e, k) => html`<li key=${k}>${e.mark && html`<b>${e.mark}</b> `}<small>${e.date}</small> ${e.event}
      <small> ${e.mechanism}</small></li>`)}</ol>
    <figcaption>${t.caption}</figcaption><${Table} chart=${t} /></figure>`;
}

function Where({ b }) {
  const w = b.where, key = get("quantity", w.quantities[0]?.key);
  const q = w.quantities.find((x) => x.key === key) ?? w.quantities[0];
  const bounds = useMemo(() => cuts(q.values), [q]);
  return html`<figure class=${`card ${old.value ? "stale" : ""}`}><h2>${say("explore_where", { run: b.run })}</h2>
    <select aria-label=${say("future_quantity")} onChange=${(e) => change({ quantity: e.target.value })}>
      ${w.quantities.map((x) => html`<option key=${x.key} value=${x.key} selected=${x.key === q.key}>${
        x.title}</option>`)}</select>
    <${Provinces} provinces=${w.provinces} outlines=${w.outlines} values=${q.values} at=${bounds} unit=${q.title} />
    <figcaption>${q.sentence} ${say("explore_peaks")} ${
      !w.outlines.length && say("future_outlines")}</figcaption></figure>`;
}

function Group({ g }) {
  return html`<li><h3>${g.name}</h3><small>${g.says} · ${g.listener}</small>
    <ul class="said-by">${g.speakers.map((s) => html`<li key=${s.speaker}><span>${s.speaker}</span>
      <div class="signed"><i class="down" style=${{ "--part": s.down / 100 }}></i><i class="up"
        style=${{ "--part": s.up / 100 }}></i></div><b>${s.text}</b></li>`)}</ul></li>`;
}

function Moved({ b }) {
  const m = b.moved;
  return html`<figure class=${`card moved ${old.value ? "stale" : ""}`}><h2>${say("explore_moved", { run: b.run })}</h2>
    <p class="note">${m.title}</p>
    <ul class="channels" aria-hidden="true">${m.groups.slice(0, FIRST).map((g) => html`<${Group} key=${g.name} g=${g} />`)}</ul>
    ${m.groups.length > FIRST && html`<details class="table"><summary>${say("explore_more")}</summary>
      <ul class="channels" aria-hidden="true">${m.groups.slice(FIRST).map((g) => html`<${Group} key=${g.name} g=${g} />`)}</ul></details>`}
    <figcaption>${m.caption}</figcaption><${Table} chart=${m} /></figure>`;
}

export function One() {
  const b = beside.value;
  return b?.told && html`<${Told} b=${b} />`;
}

export function Beside() {
  const b = beside.value;
  return html`<aside class="told beside">${b ? html`<${Where} b=${b} />${b.moved && html`<${Moved} b=${b} />`}`
    : html`<p class="note">${say("explore_wait")}</p>`}</aside>`;
}
