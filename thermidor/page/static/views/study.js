// Study: a finished study told; what moves it and where it tips, computed where it was not yet.
import { useEffect } from "preact/hooks";
import { effect, signal } from "@preact/signals";
import { html } from "../html.js";
import { Command, Figure } from "../measured.js";
import { listen } from "../stream.js";
import { about, change, get, lost, query, say } from "../state.js";

const ASKS = { drivers: "outcome", tips: "tips" };
const study = signal(null);             // what is there of it
const parts = signal({});               // what was computed, by card
const wrong = signal({});               // faults, by card
const far = signal(null);               // how far the computing is

let stop = null, before = null;
function ask() {
  const q = query.value, name = q.get("study") ?? about.peek().studies[0];
  if (!name) return;
  const wanted = new URLSearchParams({ study: name });
  for (const key of Object.values(ASKS)) if (q.get(key)) wanted.set(key, q.get(key));
  const text = wanted.toString();
  if (text === before) return;
  before = text;
  stop?.();
  if (study.peek()?.study !== name) study.value = null;
  parts.value = wrong.value = {};
  far.value = null;
  stop = listen("/api/study", text, hear);
}

function hear(word) {
  if (word.kind === "part" && word.name === "study") study.value = word.found;
  else if (word.kind === "part") parts.value = { ...parts.value, [word.name]: word.found };
  else if (word.kind === "fault") wrong.value = { ...wrong.value, [word.name ?? ""]: word.faults };
  far.value = word.kind === "progress" ? word : null;
}

function Which() {
  const names = about.value.studies;
  if (names.length < 2) return null;
  return html`<label class="which">${say("study_which")} <select onChange=${(e) =>
    change({ study: e.target.value, outcome: null, tips: null })}>${names.map((n) => html`<option
    key=${n} value=${n} selected=${n === study.value?.study}>${n}</option>`)}</select></label>`;
}

function Dots({ dots }) {
  return html`<figure class="dots"><div aria-hidden="true">${dots.dots.map((d, k) => html`<i key=${k}
      class=${d.colour}>${d.letter}</i>`)}</div>
    <ul class="legend" aria-hidden="true">${dots.legend.map((d) => html`<li key=${d.ending} class="hint"><i
      class=${d.colour}>${d.letter}</i> ${d.ending} ${d.count}</li>`)}</ul>
    <figcaption><span class="hidden">${dots.say}. </span>${dots.caption}</figcaption></figure>`;
}

function Answer({ s }) {
  return html`<section class="card answer" id="answer" tabindex="-1" aria-label=${say("answer")}>
    <${Which} /><p class="note">${s.title}</p>
    <h1>${s.answer.sentence}</h1><p>${s.answer.detail}</p>
    ${[...s.answer.damage, ...s.answer.notes].map((t) => html`<p class="warn" key=${t}>${t}</p>`)}
    ${s.dots && html`<${Dots} dots=${s.dots} />`}
    <details class="facts"><summary>${say("study_facts")}</summary><dl>${s.facts.map(([k, v]) =>
      html`<dt key=${k}>${k}</dt><dd>${v}</dd>`)}</dl>
      <p class="note"><strong>${s.board.strong}</strong> ${s.board.text} ${s.board.lines.join(" ")}</p></details>
  </section>`;
}

// An outcome is written, or taken from those that are listed.
function Ask({ card }) {
  const key = ASKS[card.id], id = `ask-${key}`;
  const go = (e) => {
    e.preventDefault();
    const text = new FormData(e.target).get(key).trim();
    if (text && get(key, "") === text && wrong.value[card.id]) { before = null; ask(); }
    change({ [key]: text });
  };
  return html`<form class="ask" onSubmit=${go}><label>${say(card.id === "tips" ? "study_condition" : "study_outcome")}
    <input name=${key} list=${id} required maxlength="100" autocomplete="off"
      value=${get(key, card.outcomes[0] ?? "")} /></label>
    <datalist id=${id}>${card.outcomes.map((o) => html`<option key=${o} value=${o}></option>`)}</datalist>
    <button disabled=${far.value?.name === card.id}>${say("study_compute")}</button></form>`;
}

function Card({ card, s }) {
  const mine = parts.value[card.id], faults = wrong.value[card.id] ?? [], shown = mine ?? card;
  const can = card.outcomes && !card.why, none = !shown.figures.length && !shown.lost.length && !faults.length;
  const busy = far.value?.name === card.id ? far.value : null;
  return html`<section class=${`card study-card ${none && !can ? "not-yet" : ""}`} aria-labelledby=${`of-${card.id}`}>
    <h2 id=${`of-${card.id}`}>${card.heading ?? say("study_points")}</h2>
    ${can && html`<${Ask} card=${card} />`}
    ${busy && html`<p class="chip busy">${say("study_computing", { n: s.futures })}
      ${busy.of > 0 && html` · ${say("study_step", busy)}`}</p>`}
    ${faults.map((f) => html`<p class="warn" role="alert" key=${f}>${f}</p>`)}
    ${shown.lost.map((f) => html`<p class="warn" key=${f}>${f}</p>`)}
    ${mine && html`<p class="note" role="status">${say("study_here", { n: s.futures })}</p>`}
    <div class="figures">${shown.figures.map((f, k) => html`<${Figure} key=${k} f=${f} />`)}</div>
    ${shown.more && html`<p class="note">${shown.more}</p>`}
    ${card.why && html`<p class="untold">${card.why}</p>`}
    ${none && !busy && card.command && html`<p class="note">${say("study_not_yet")}</p><${Command} text=${card.command} />`}
  </section>`;
}

function None() {
  const country = query.value.get("country") ?? about.value.countries[0].name;
  return html`<section class="card answer" id="answer" tabindex="-1"><h1>${say("study_none")}</h1>
    <p>${say("study_how")}</p>
    <${Command} text=${`thermidor run ${country} --runs 400 --out results\nthermidor serve ${country} results`} />
  </section>`;
}

export function View() {
  useEffect(() => {
    before = null;
    const end = effect(ask);
    return () => { end(); stop?.(); };
  }, []);
  const s = study.value, whole = wrong.value[""] ?? [];
  return html`<main class="alone study"><div class="told">
    ${lost.value && html`<p class="warn" role="alert">${say("stopped")}</p>`}
    ${whole.map((f) => html`<p class="warn" role="alert" key=${f}>${f}</p>`)}
    ${!about.value.studies.length ? html`<${None} />`
      : !s ? !whole.length && html`<section class="card answer" id="answer"><h1 class="waiting">${say("study_reading")} …</h1></section>`
      : html`<${Answer} s=${s} />
        <div class="charts">${s.charts.map((f) => html`<div class=${`card ${f.id}`} key=${f.id}><${Figure} f=${f} heading="h2" /></div>`)}</div>
        ${s.cards.map((c) => html`<${Card} key=${c.id} card=${c} s=${s} />`)}`}
  </div></main>`;
}
