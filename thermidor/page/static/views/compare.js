// Compare: countries, arguments, the beliefs of two people, two studies.
import { useEffect } from "preact/hooks";
import { effect, signal } from "@preact/signals";
import { html } from "../html.js";
import { Curves, Grid } from "../panels.js";
import { Cells, Faults, Link } from "../parts.js";
import { about, asked, change, changes, get, lost, model, open, query, say } from "../state.js";
import { listen } from "../stream.js";

const PARTS = ["countries", "beliefs", "arguments", "studies"];
const KEYS = ["country", "seed", "show", "with"];
const found = signal(null), progress = signal(null), faults = signal([]);
const crux = signal(null);
let last = null, end = null;

const part = () => get("show", "countries");
const names = () => get("with", "").split(",").filter(Boolean);

function ask(force = false) {
  const body = asked(KEYS);
  if (body === last && !force) return;
  const short = part() === "beliefs" ? about.peek().beliefs.length < 2
    : part() === "studies" && about.peek().studies.length < 2;
  if (found.peek() && new URLSearchParams(last).get("show") !== new URLSearchParams(body).get("show")) found.value = null;
  last = body;
  end?.();
  crux.value = null;
  faults.value = [];
  progress.value = short ? null : {};
  if (short) { found.value = null; return; }
  end = listen("/api/compare", body, (word) => {
    if (word.kind === "progress") progress.value = word;
    else if (word.kind === "fault") { faults.value = word.faults; progress.value = null; found.value = null; }
    else { found.value = word; progress.value = word.kind === "refined" ? null : {}; }
  });
}

function Chip() {
  const p = progress.value, f = found.value;
  if (lost.value) return html`<span class="chip wrong">${say("stopped")}</span>`;
  if (p && p.compiled === false) return html`<span class="chip busy">${say("compiling")}</span>`;
  if (p?.of) return html`<span class="chip busy">${say("refining", { n: p.futures, of: p.of })}</span>`;
  if (p) return html`<span class="chip busy">${say("working")}</span>`;
  if (!f?.sides) return null;
  const n = Math.min(...f.sides.map((s) => s.futures));
  return html`<span class=${`chip ${f.kind === "preview" ? "preview" : ""}`}>${say(f.kind === "preview" ? "preview" : "refined", { n })}</span>`;
}

function Parts() {
  const to = (key) => change({ show: key === "countries" ? null : key, with: null });
  return html`<div class="parts" role="group" aria-label=${say("compare_parts")}>${PARTS.map((key) => html`<button key=${key}
    aria-pressed=${part() === key ? "true" : "false"} onClick=${() => to(key)}>${say(`compare_${key}`)}</button>`)}</div>`;
}

function Choose() {
  const own = model.value.country, others = about.value.countries.filter((c) => c.name !== own);
  const here = names().filter((n) => n !== own);
  const set = (list) => change({ with: list.join(",") });
  if (part() === "countries") {
    const explore = changes("choice") + changes("assumption") > 0 && html`<p class="note">${say("compare_as_it_is")} <${Link}
      to="explore" edits=${{}} follow=${() => open("explore")}>${say("compare_as_it_is_link")}</${Link}></p>`;
    if (!others.length) return html`${explore}<p class="note">${say("compare_none")}</p>`;
    const title = (n) => others.find((c) => c.name === n)?.title ?? n;
    return html`<div class="choose">${here.map((n) => html`<span class="picked" key=${n}>${title(n)} <button class="small"
        aria-label=${`${say("compare_remove")}: ${title(n)}`} onClick=${() => set(here.filter((m) => m !== n))}>✕</button></span>`)}
      ${here.length < 3 && here.length < others.length && html`<select aria-label=${say("compare_add")} value="" onChange=${(e) =>
        set([...here, e.target.value])}><option value="" selected>${say("compare_add")}</option>
        ${others.filter((c) => !here.includes(c.name)).map((c) => html`<option key=${c.name} value=${c.name}>${c.title}</option>`)}</select>`}</div>${explore}`;
  }
  const all = about.value[part()];
  if (!all) return null;
  if (all.length < 2) return html`<p class="note">${say(`compare_no_${part()}`)}</p>`;
  const two = [...names(), ...all.filter((n) => !names().includes(n))].slice(0, 2);
  return html`<div class="choose">${two.map((n, k) => html`<label key=${k}>${say(k ? "compare_second" : "compare_first")} <select value=${n}
    onChange=${(e) => { const next = [...two]; if (two[1 - k] === e.target.value) next[1 - k] = n; next[k] = e.target.value; set(next); }}>
    ${all.map((m) => html`<option key=${m} value=${m} selected=${m === n}>${about.value.titles[m] ?? m}</option>`)}</select></label>`)}</div>`;
}

function Holds({ f }) {
  const b = f.beliefs, rows = b.rows.map((r) => [html`${r.says} <small>${r.key}${r.unit && `, ${r.unit}`}</small>`,
    ...r.each, r.own, r.differ ? "" : say("compare_same")]), mark = (k) => b.rows[k].differ && "changed";
  return html`<section class="card"><h2>${say("compare_holds")}</h2><p class="note">${say("compare_holds_note")}</p>
    <${Cells} label=${say("compare_holds")} head=${["", ...b.holders, say("compare_own"), ""]} rows=${rows} mark=${mark} /></section>`;
}

function Crux({ f }) {
  const c = crux.value, busy = c?.busy;
  const go = (claim) => {
    c?.end?.();
    const stop = listen("/api/crux", `${asked(KEYS)}&claim=${encodeURIComponent(claim)}`, (word) => {
      if (word.kind === "progress") crux.value = { ...crux.peek(), progress: word };
      else crux.value = { claim, busy: false, ...word };
    });
    crux.value = { claim, busy: true, end: stop };
  };
  return html`<section class="card"><h2>${say("compare_crux")}</h2><p class="note">${say("compare_crux_note")}</p>
    ${f.claims.length > 0 && html`<p class="choose">${say("compare_crux_go")} ${f.claims.map((x) => html`<button key=${x.id} title=${x.sentence}
      disabled=${busy} onClick=${() => go(x.id)}>${x.id}</button>`)}${busy && html`<button onClick=${() => { c.end(); crux.value = null; }}>
      ${say("compare_cancel")}</button>`}</p>`}
    <p role="status">${busy && (c.progress ? html`${say("claims_working", { n: c.progress.futures })}` : say("claims_starting"))}</p>
    <${Faults} faults=${c?.faults ?? []} />
    ${c?.sentence && html`<p class="lead">${c.sentence}</p>${c.more.map((m) => html`<p key=${m}>${m}</p>`)}
      <${Cells} label=${say("compare_crux")} head=${["", say("compare_share")]} rows=${c.rows.map((r) => [r.says, r.told])} />`}
    <p class="note">${say("compare_crux_command")}: <code>${f.command}</code></p></section>`;
}

function Studies({ f }) {
  return html`${f.effects.length > 0 && html`<section class="card"><h2>${say("compare_effects")}</h2><${Cells} label=${say("compare_effects")}
      head=${[say("compare_outcome"), ...f.names, say("compare_effect"), say("compare_pairs")]}
      rows=${f.effects.map((e) => [e.says, e.of, e.against, e.effect, e.pairs])} mark=${(k) => f.effects[k].told && "changed"} /></section>`}
    <section class="card"><h2>${say("compare_differ")}</h2>${f.differ.length ? html`<${Cells} label=${say("compare_differ")}
      head=${[say("compare_key"), ...f.names]} rows=${f.differ.map((d) => [d.key, d.of, d.against])} />`
      : html`<p>${say("compare_nothing")}</p>`}</section>`;
}

function Arguments({ f }) {
  const all = [...(f.own.claims.length ? [{ name: "", title: f.own.of, of: "", claims: f.own.claims }] : []), ...f.arguments];
  return html`<section class="card"><p class="note">${say("compare_matrix")}: <code>${f.command}</code></p></section>
    <div class="arguments">${all.map((a) => html`<section class="card" key=${a.name}><h2>${a.title}</h2><p class="note">${a.of}</p>
      <ul class="plain">${a.claims.map((c) => html`<li key=${c.id}><strong>${c.id}</strong> ${c.sentence}</li>`)}</ul>
      <p><${Link} to="claims" edits=${{ argument: a.name, claim: null, show: null, with: null }} follow=${() =>
        open("claims", { argument: a.name || null, claim: null, show: null, with: null })}>${say("compare_open")}</${Link}></p></section>`)}</div>`;
}

export function View() {
  useEffect(() => {
    const stop = effect(() => { query.value; model.value; ask(); });
    return () => { stop(); end?.(); last = null; };
  }, []);
  const f = found.value?.part === part() ? found.value : null;
  return html`<main class="alone compare" id="answer" tabindex="-1">
    <h1 class="hidden">${about.value.views.find((v) => v.key === "compare").title}</h1>
    <section class="card top"><div class="state"><${Chip} /></div><${Parts} /><${Choose} />
      <${Faults} faults=${faults.value} />
      ${f?.sides && html`<ul class=${`said-by ${f.kind}`}>${f.sides.map((s, k) => html`<li key=${s.title} class=${`side s${k}`}>
        <strong>${s.title}</strong> ${s.sentence}</li>`)}</ul>`}
      ${f?.differences?.map((d) => html`<p key=${d.sentence} class=${d.told ? "lead" : "lead nothing"}>${d.sentence}</p>`)}
      ${f?.notes?.map((n) => html`<p class="note" key=${n}>${n}</p>`)}
      <p class="hidden" role="status">${f?.kind === "refined" && (f.differences ?? []).map((d) => d.sentence).join(" ")}</p></section>
    ${f && html`<div class=${`beside-all ${f.kind}`}>${f.charts?.map((c) => c.panels
      ? html`<${Curves} key=${c.title} chart=${c} hint=${say("compare_band")} />` : html`<${Grid} key=${c.title} chart=${c} />`)}
      ${f.beliefs && html`<${Holds} f=${f} /><${Crux} f=${f} />`}
      ${f.differ && html`<${Studies} f=${f} />`}${f.arguments && html`<${Arguments} f=${f} />`}</div>`}
  </main>`;
}
