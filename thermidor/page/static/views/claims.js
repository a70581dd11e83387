// Claims: the argument as a map, each verdict opening its evidence.
import { useEffect } from "preact/hooks";
import { effect, signal } from "@preact/signals";
import { html } from "../html.js";
import { Curves } from "../panels.js";
import { Faults, Link } from "../parts.js";
import { about, asked, change, get, lost, query, say } from "../state.js";
import { listen } from "../stream.js";

const KEYS = ["country", "seed", "argument", "claim", "study"];
const map = signal(null), seen = signal(null), progress = signal(null), faults = signal([]);
let last = null, end = null, turn = 0;

function stop() { end?.(); end = null; progress.value = null; }

async function load() {
  const q = asked(KEYS), mine = ++turn;
  if (q === last) return;
  stop();
  last = q;
  seen.value = null;
  try {
    const reply = await fetch(`/api/claims?${q}`), told = await reply.json();
    if (mine !== turn) return;
    faults.value = reply.ok ? [] : told.faults;
    if (reply.ok) { map.value = told; seen.value = told.evidence; }
  } catch { if (mine === turn) { faults.value = [say("stopped")]; last = null; } }
}

function test() {
  stop();
  faults.value = [];
  progress.value = {};
  end = listen("/api/verdict", last, (word) => {
    if (word.kind === "progress") progress.value = word;
    else if (word.kind === "fault") { faults.value = word.faults; progress.value = null; }
    else {
      seen.value = word;
      if (word.kind === "refined") progress.value = null;
      const claims = map.value.claims.map((c) => c.id === word.id ? { ...c, ...word.row } : c);
      const boxes = map.value.map?.boxes.map((b) => b.id === word.id ? { ...b, verdict: word.row.verdict, mark: word.row.mark, first: word.row.first } : b);
      map.value = { ...map.value, claims, map: boxes ? { ...map.value.map, boxes } : null };
    }
  });
}

const look = (id) => change({ claim: id });
const style = (verdict) => `v-${verdict.replaceAll(" ", "-")}`;

function Picture({ m }) {
  return html`<div class="scroll card map-of" tabindex="0" role="region" aria-label=${say("claims_map")}><h2>${say("claims_map")}</h2>
    <svg class="argument" width=${m.width} height=${m.height} viewBox=${`0 0 ${m.width} ${m.height}`} role="group" aria-label=${m.told}>
    <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path d="M0 0 8 4 0 8Z" /></marker></defs>
    ${m.arrows.map((a, k) => html`<line key=${k} class=${`${a.kind} ${a.weak ? "weak" : ""}`} x1=${a.x1} y1=${a.y1} x2=${a.x2} y2=${a.y2}
      marker-end="url(#head)" />`)}
    ${m.boxes.map((b) => html`<${Link} key=${b.id} to="claims" edits=${{ claim: b.id }} follow=${() => look(b.id)}
      class=${`${style(b.verdict)} ${b.first ? "first" : ""} ${b.id === get("claim", "") ? "open" : ""}`} aria-label=${`${b.id}, ${b.verdict}: ${b.lines.join(" ")}`}>
      <rect x=${b.x} y=${b.y} width="200" height="96" rx="6" />
      <text x=${b.x + 10} y=${b.y + 19}><tspan class="id">${b.id}</tspan><tspan dx="5">${b.mark} ${b.verdict}</tspan></text>
      ${b.lines.map((l, k) => html`<text key=${k} class="line" x=${b.x + 10} y=${b.y + 37 + 15 * k}>${l}</text>`)}
      ${b.lost && html`<text class="weak" x=${b.x + 10} y=${b.y + 88}>${b.lost}</text>`}</${Link}>`)}
    </svg><p class="note">${say("claims_arrows")} ${m.weak}</p></div>`;
}

function List({ m }) {
  return html`<nav class="card claims-list" aria-label=${say("claims_all")}><h2>${say("claims_all")}</h2>
    <p class="note">${m.of}</p>
    ${!m.claims.length && html`<p>${say("claims_none")}</p>`}
    <ul>${m.claims.map((c) => html`<li key=${c.id}><${Link} to="claims" edits=${{ claim: c.id }} follow=${() => look(c.id)}
      aria-current=${c.id === get("claim", "") ? "true" : null}><strong>${c.id}</strong> ${c.sentence}
      <span class=${`verdict ${style(c.verdict)} ${c.first ? "first" : ""}`}><span aria-hidden="true">${c.mark}</span> ${c.said}</span></${Link}></li>`)}</ul></nav>`;
}

function Chosen() {
  const m = map.value;
  return html`<section class="card top"><div class="choose">
    <label>${say("claims_argument")} <select value=${get("argument", "")} onChange=${(e) => change({ argument: e.target.value, claim: null })}>
      <option value="" selected=${!get("argument", "")}>${say("claims_own")}</option>
      ${m.arguments.map((a) => html`<option key=${a.name} value=${a.name} selected=${a.name === get("argument", "")}>${a.title}</option>`)}</select></label>
    ${about.value.studies.length > 0 && html`<label>${say("claims_study")} <select value=${get("study", "")}
      onChange=${(e) => change({ study: e.target.value })}><option value="" selected=${!get("study", "")}>${say("claims_here")}</option>
      ${about.value.studies.map((s) => html`<option key=${s} value=${s} selected=${s === get("study", "")}>${s}</option>`)}</select></label>`}</div>
    <p class="note">${say("claims_about")} ${m.note}</p>
    ${m.changed.length > 0 && html`<p class="warn">${say("claims_changed")} ${m.changed.join("; ")}.</p>`}</section>`;
}

function Test({ t, shown }) {
  const p = shown?.picture, at = (k) => ({ left: `${p[k]}%` });
  return html`<li class="one-test"><p><strong>${t.says}</strong>${t.beside && html` <small>(${say("claims_beside")})</small>`}
      ${shown?.verdict && html` <span class=${`verdict v-${shown.verdict.split(":")[0].replaceAll(" ", "-")}`}><span aria-hidden="true">${shown.mark}</span> ${shown.verdict}</span>`}</p>
    <p class="note">${t.text}: <code>${t.outcome}</code>${t.given && html`, ${say("claims_given")} <code>${t.given}</code>`}${t.days && ` · ${t.days} ${say("claims_days")}`}</p>
    ${shown && html`${p && html`<div class="dot" aria-hidden="true"><span class="wanted" style=${{ left: `${p.side[0]}%`, width: `${p.side[1]}%` }}></span>
        <span class="zero" style=${at("zero")}></span><span class="margin" style=${at("margin")}></span>
        <span class="reach" style=${{ left: `${p.low}%`, width: `${p.high - p.low}%` }}></span><span class="mean" style=${at("mean")}></span>
        <small>${p.ends[0]}</small><small>${p.ends[1]}</small></div>`}
      <dl><dt>${say("claims_effect")}</dt><dd>${shown.text}</dd><dt>${say("claims_expected")}</dt><dd>${shown.expect}</dd>
        <dt>${say("claims_told_from")}</dt><dd>${shown.pairs}${shown.counted && `; ${shown.counted}`}</dd>
        ${shown.carried.length > 0 && html`<dt>${say("claims_carried")}</dt><dd>${shown.carried.join("; ")}</dd>`}
        ${shown.reason && html`<dt>${say("claims_verdict")}</dt><dd>${shown.reason}</dd>`}</dl>`}</li>`;
}

function Arms({ c }) {
  return html`<h3>${say("claims_arms")}</h3><div class="arms">${c.arms.map((a, k) => html`<div key=${a.name} class=${`side s${k % 4} arm`}><h4>${a.name}</h4>
    <ul class="plain">${a.sets.map((s) => html`<li key=${s.key} class=${`sets ${s.role}`}>${s.role && html`<small>${say(`claims_${s.role}`)}</small> `}
      ${s.says}: <strong>${s.value}</strong> ${s.unit}${s.was && html` <small>(${say("claims_was", { was: s.was })})</small>`}</li>`)}
      ${a.off.map((o) => html`<li key=${o}>${o}: ${say("claims_off")}</li>`)}
      ${!a.sets.length && !a.off.length && html`<li>${say("claims_as_is")}</li>`}</ul>
    <p class="note">${a.days.toLocaleString("en")} ${say("claims_days")}</p></div>`)}</div>`;
}

function Costs({ shown }) {
  return html`<h3>${say("claims_costs")}</h3><div class="scroll" tabindex="0" role="region" aria-label=${say("claims_costs")}><table><thead><tr><th scope="col">${say("claims_cost")}</th>
    ${shown.arms.map((a) => html`<th key=${a} scope="col">${a}</th>`)}</tr></thead><tbody>${shown.costs.map((r) => html`<tr key=${r.says}>
    <th scope="row">${r.says}</th>${r.cells.map((x, k) => html`<td key=${k}>${x.mean}${x.range && html` <small>(${x.range})</small>`}</td>`)}</tr>`)}
    </tbody></table></div>${shown.counted && html`<p class="note">${shown.counted}</p>`}`;
}

function Chip() {
  const p = progress.value, s = seen.value;
  if (p?.compiled === false) return html`<span class="chip busy">${say("compiling")}</span>`;
  if (p) return html`<span class="chip busy">${p.of ? say("claims_working", { n: p.futures }) : say("claims_starting")}${p.stage && ` · ${p.stage}`}</span>`;
  if (s?.kind === "read") return html`<span class="chip">${say("claims_read")} ${get("study", "")}</span>`;
  if (s) return html`<span class=${`chip ${s.kind === "preview" ? "preview" : ""}`}>${say(`claims_${s.kind}`, { n: s.pairs })}</span>`;
  return null;
}

function Work({ c }) {
  const first = c.looks === c.pairs;
  if (progress.value) return html`<p><button onClick=${stop}>${say("claims_cancel")}</button></p>`;
  if (!c.testable || seen.value?.kind === "refined" || seen.value?.kind === "read") return null;
  return html`<p><button class="go" onClick=${test}>${say(first ? "claims_test_once" : "claims_test", { first: c.looks, n: c.pairs })}</button>
    <small> ${map.value.time}</small></p>`;
}

function Evidence({ c }) {
  const s = seen.value, shown = s?.shown;
  const all = c.tests.map((t, k) => ({ t, shown: shown?.tests[k] }));
  return html`<article class=${`card evidence ${s?.kind ?? ""}`} aria-labelledby="claim-title"><div class="state"><${Chip} /></div>
    <h1 id="claim-title">${c.id} ${c.sentence}</h1>
    <p class=${`verdict big ${style(c.verdict)}`}><span aria-hidden="true">${c.mark}</span> ${c.said}</p>${c.reason && html`<p>${c.reason}</p>`}
    ${shown && [shown.likelihood, shown.confidence, c.caveat].filter(Boolean).map((x) => html`<p key=${x}>${x}</p>`)}
    <p class="hidden" role="status">${s?.kind === "refined" && `${c.id}: ${c.said}`}</p>
    <${Work} c=${c} />
    ${c.quote && html`<blockquote><p>${c.quote}</p><small>${say("claims_quote")}${c.locator && `, ${c.locator}`}${c.source && `, ${c.source}`}</small></blockquote>`}
    ${c.links.length > 0 && html`<p class="note">${c.links.join(" ")}</p>`}
    ${all.length > 0 && html`<h3>${say("claims_tests")}</h3><p class="note">${say("claims_tests_all")} ${shown && say("claims_picture")}</p>
      <ul class="all-tests">${all.map((x, k) => html`<${Test} key=${k} ...${x} />`)}</ul>`}
    ${shown?.costs.length > 0 && html`<${Costs} shown=${shown} />`}
    ${s?.charts.map((x) => html`<${Curves} key=${x.title} chart=${x} hint=${say("compare_band")} />`)}
    ${c.arms.length > 0 && html`<${Arms} c=${c} />`}
    ${c.objections.length > 0 && html`<h3>${say("claims_objections")}</h3><ul class="plain">${c.objections.map((o) => html`<li key=${o}>${o}</li>`)}</ul>`}
    ${c.mind && html`<h3>${say("claims_mind")}</h3><p>${c.mind}</p>`}
    ${c.note && html`<h3>${say("claims_note")}</h3><p>${c.note}</p>`}
    <p class="note">${say("claims_command")}: <code>${c.command}</code></p></article>`;
}

export function View() {
  useEffect(() => {
    const off = effect(() => { query.value; load(); });
    return () => { off(); stop(); last = null; };
  }, []);
  const m = map.value, c = m?.claims.find((x) => x.id === get("claim", ""));
  return html`<main class="alone claims" id="answer" tabindex="-1">
    <h1 class="hidden">${about.value.views.find((v) => v.key === "claims").title}</h1><${Faults} faults=${faults.value} />
    ${lost.value && html`<p class="warn" role="alert">${say("stopped")}</p>`}
    ${m && html`<${Chosen} />${m.map && html`<${Picture} m=${m.map} />`}<div class="claims-two"><${List} m=${m} />
      ${c ? html`<${Evidence} c=${c} />` : html`<section class="card"><p>${m.claims.length > 0 && say("claims_open")}</p></section>`}</div>`}</main>`;
}
