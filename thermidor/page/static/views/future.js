// One future, watched day by day: traces, what happened, the map, and the playhead of all of them.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { computed, effect, signal, untracked } from "@preact/signals";
import { html } from "../html.js";
import { Faults } from "../parts.js";
import { get as fetched, listen } from "../stream.js";
import { Trace, tell } from "../traces.js";
import { Provinces, cuts } from "../provinces.js";
import { about, asked, change, get, lost, query, say } from "../state.js";

const OWN = ["country", "seed", "future", "study", "ending", "traces", "quantity"];
const SPEEDS = [2, 7, 30, 90], WEEK = 7, MANY = 10;
const head = signal(null), frames = signal([]), end = signal(null), wrong = signal([]);
const at = signal(0), playing = signal(false), alike = signal(null);
const follows = signal(true);           // the playhead goes with the days that come
const speed = signal(7);
const last = computed(() => frames.value.length - 1);
const until = computed(() => Math.max(1, end.value?.day ?? head.value?.days ?? 1));  // of the axis
let opened = null, stop = null, settle = null, aside = null;

function hear(word) {
  if (word.kind === "head") take(word);
  else if (word.kind === "end") { end.value = word; look(); }
  else if (word.kind === "fault") wrong.value = word.faults;
  else {
    frames.value = [...frames.value, word];
    if (follows.value) at.value = last.value;
  }
}

function take(word) {
  const other = head.value?.run !== word.run || head.value?.hash !== word.hash;
  head.value = word;
  if (frames.value.length && !other && end.value === null) return;   // taken up again
  frames.value = [];
  end.value = null;
  if (get("future", null) === null) {
    change({ future: word.run }, true);
    opened = asked(OWN);
  }
}

function begin() {
  const q = asked(OWN);
  if (q === opened) return;
  opened = q;
  stop?.();
  aside?.abort();
  untracked(() => {
    const day = get("day", null);
    wrong.value = [];
    alike.value = null;
    if (head.value) end.value = end.value ?? { kind: "before" };  // what is shown is of before
    follows.value = day === null;
    if (day !== null) at.value = Number(day) || 0;
  });
  stop = listen(`/future/frames?${q}`, undefined, hear);
}

// Which others end alike is asked for once this one is told.
function look() {
  aside = new AbortController();
  fetched(`/future/alike.json?${asked(OWN)}`, aside.signal).then((found) => {
    if (found) alike.value = found;
  });
}

function to(day) {
  follows.value = false;
  at.value = Math.max(0, Math.min(last.value, Math.round(day)));
  clearTimeout(settle);
  settle = setTimeout(() => change({ day: at.value }, true), 300);
}

function other(by) {
  const runs = alike.value?.runs ?? [], run = head.value?.run;
  const found = by > 0 ? runs.find((r) => r > run) : runs.findLast((r) => r < run);
  if (found !== undefined) change({ future: found, day: null });
}

function play() {
  if (!playing.value && at.value >= last.value && end.value) at.value = 0;
  follows.value = false;
  playing.value = !playing.value;
  if (!playing.value) to(at.value);
}

function run() {
  if (!playing.value) return undefined;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches, each = calm ? 1000 : 50;
  let day = at.value;
  const clock = setInterval(() => {
    if (Math.abs(day - at.peek()) > 1) day = at.peek();   // moved by hand
    day = Math.min(last.peek(), day + speed.peek() * each / 1000);
    at.value = Math.floor(day);
    if (day >= last.peek() && end.peek()) { playing.value = false; to(last.peek()); }
  }, each);
  return () => clearInterval(clock);
}

function keys(e) {
  const typing = e.target.matches?.("input, select, textarea");
  if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
  const steps = { ArrowLeft: -1, ArrowRight: 1 };
  if (e.key === "p" || e.key === "P") play();
  else if (e.key === "[" || e.key === "]") other(e.key === "]" ? 1 : -1);
  else if (steps[e.key]) to(at.value + steps[e.key] * (e.shiftKey ? MANY : 1));
  else return;
  e.preventDefault();
}

function Head() {
  const h = head.value, a = alike.value, studies = about.value.studies;
  const runs = a?.runs ?? [];
  return html`<section class="card answer" id="answer" tabindex="-1">
    ${get("study", "") && html`<p class="note">${h?.title}</p>`}
    <${Faults} faults=${wrong.value} />
    ${lost.value && html`<p class="warn" role="alert">${say("future_lost")}</p>`}
    <h1 class=${end.value?.sentence ? "" : "waiting"}>${end.value?.sentence
      ?? (h ? say("future_computing", { day: Math.max(0, last.value), of: h.days }) : say("future_waiting"))}</h1>
    ${h && !h.compiled && !end.value && !get("study", "") && html`<p class="note">${say("compiling")}</p>`}
    <div class="which"><label>${say("future_number")} <input type="number" min="0" step="1"
        value=${get("future", "")} onChange=${(e) => change({ future: e.target.value, day: null })} /></label>
      ${studies.length > 0 && html`<label title=${h?.title}>${say("future_of")} <select onChange=${(e) =>
        change({ study: e.target.value, future: null, day: null })}>
        <option value="" selected=${!get("study", "")}>${say("future_played")}</option>
        ${studies.map((s) => html`<option key=${s} value=${s} selected=${s === get("study", "")}>${
          say("future_study", { name: s })}</option>`)}</select></label>`}
      <span class="pair"><button onClick=${() => other(-1)} disabled=${!runs.some((r) => r < h?.run)}
        aria-label=${say("future_before")} title=${say("future_before")}>◂ <kbd>[</kbd></button>
      <button onClick=${() => other(1)} disabled=${!runs.some((r) => r > h?.run)}
        aria-label=${say("future_after")} title=${say("future_after")}>▸ <kbd>]</kbd></button></span>
      <small>${a ? say(get("study", "") ? "future_alike_study" : "future_alike",
        { n: runs.length, of: about.value.futures.refined }) : end.value?.sentence && say("future_alike_wait")}</small></div>
  </section>`;
}

function Transport() {
  const day = at.value, frame = frames.value[day], step = (by, key, sign) => html`<button
    onClick=${() => to(day + by)} aria-label=${say(key)} title=${say(key)}>${sign}</button>`;
  return html`<div class="transport" role="group">
    <span class="pair">${step(-WEEK, "future_week_back", "−7")}${step(-1, "future_back", "−1")}
    <button class="play" aria-pressed=${playing.value} onClick=${play}>${playing.value ? "❚❚" : "▶"}
      ${" "}${say(playing.value ? "future_pause" : "future_play")} <kbd>P</kbd></button>
    ${step(1, "future_on", "+1")}${step(WEEK, "future_week_on", "+7")}</span>
    <input type="range" min="0" max=${until.value} step="1" value=${day}
      style=${{ "--to": `${100 * day / until.value}%` }}
      aria-label=${say("future_day")} aria-valuetext=${frame ? `${day}, ${frame.date}` : day}
      onInput=${(e) => to(Number(e.target.value))} />
    <output>${say("future_day")} ${day}${frame && html`<small> · ${frame.date}</small>`}</output>
    <label>${say("future_speed")} <select onChange=${(e) => { speed.value = Number(e.target.value); }}>
      ${SPEEDS.map((s) => html`<option key=${s} value=${s} selected=${s === speed.value}>${s}</option>`)}
    </select></label></div>`;
}

function choose(k, key) {
  const keys_ = head.value.panels.map((p) => p.key);
  if (k === keys_.length) keys_.push(key);
  else if (key) keys_[k] = key;
  else keys_.splice(k, 1);
  change({ traces: [...new Set(keys_)].join(",") });
}

function Choice({ k, own }) {
  const h = head.value, others = h.panels.map((p) => p.key);
  return html`<select aria-label=${own ? say("future_trace") : say("future_add")}
    title=${h.traces.find((t) => t.key === own)?.title} onChange=${(e) => {
    choose(k, e.target.value);
    if (!own) e.target.value = "";
  }}><option value="" selected=${!own}>${own ? say("future_none") : say("future_add")}</option>
    ${h.traces.map((t) => html`<option key=${t.key} value=${t.key} selected=${t.key === own}
      disabled=${t.key !== own && others.includes(t.key)}>${t.title}</option>`)}</select>`;
}

function Traces() {
  const h = head.value, all = frames.value, box = useRef(null);
  const days = useMemo(() => all.map((f) => f.day), [all]);
  const marks = useMemo(() => all.filter((f) => f.events.length), [all]);
  const lines = useMemo(() => {
    let k = 0;
    return h.panels.map((p) => p.lines.map(() => { const c = k++; return all.map((f) => f.values[c]); }));
  }, [h, all]);
  const pick = (e) => {
    const plot = box.current.querySelector(".trace-plot svg").getBoundingClientRect();
    if (e.clientX < plot.left || e.target.closest(".trace-name")) return;
    to(until.value * (e.clientX - plot.left) / plot.width);
  };
  return html`<div class="traces" ref=${box} style=${{ "--at": at.value / until.value }} onPointerDown=${pick}
      onPointerMove=${(e) => e.buttons && pick(e)}>
    ${h.panels.map((p, k) => html`<${Trace} key=${p.key} panel=${p} lines=${lines[k]} days=${days}
      until=${until.value} at=${all.length ? at.value : null} marks=${marks}><${Choice} k=${k} own=${p.key} /></${Trace}>`)}</div>
    ${h.panels.length < 6 && html`<${Choice} k=${h.panels.length} own="" />`}`;
}

function Days() {
  const h = head.value, all = frames.value;
  const names = h.panels.flatMap((p) => p.lines.map((n) => p.lines.length > 1 ? `${p.title}, ${n}` : p.title));
  return html`<details class="table traced">
    <summary>${say("table")}</summary><div class="scroll" tabindex="0" role="region" aria-label=${say("future_traces")}>
    <table><thead><tr><th scope="col">${say("future_day")}</th><th scope="col">${say("future_date")}</th>
      ${names.map((n) => html`<th key=${n} scope="col">${n}</th>`)}</tr></thead>
    <tbody>${all.filter((f) => f.day % WEEK === 0 || f.day === last.value || f.day === at.value).map((f) => html`<tr
      key=${f.day}><th scope="row">${f.day}</th><td>${f.date}</td>${f.values.map((v, k) => html`<td key=${k}>${
      tell(v)}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

function Events() {
  const all = frames.value.filter((f) => f.events.length);
  return html`<section class="card feed" aria-labelledby="feed"><h2 id="feed">${say("future_events")}</h2>
    ${!all.some((f) => at.value >= f.day) && html`<p class="note">${say("future_quiet")}</p>`}
    <ol>${all.flatMap((f) => f.events.map((e, k) => html`<li key=${`${f.day}.${k}`}
      class=${f.day > at.value ? "later" : ""}><button onClick=${() => to(f.day)}>${say("future_day")} ${f.day}
      <small> · ${f.date}</small></button> ${e.event} <small>${e.mechanism}</small></li>`))}</ol></section>`;
}

function Where() {
  const h = head.value, all = frames.value;
  const values = (h.daily ? frames.value[at.value] : all[0])?.provinces ?? [];
  const every = h.daily && get("scale", "day") === "all";
  const bounds = useMemo(() => cuts(every ? all.flatMap((f) => f.provinces ?? []) : values),
    [all, every, values]);
  const title = h.quantities.find((q) => q.key === h.quantity)?.title;
  return html`<figure class="card"><h2>${say("future_map")}</h2>
    <select aria-label=${say("future_quantity")} onChange=${(e) => change({ quantity: e.target.value })}>
      ${h.quantities.map((q) => html`<option key=${q.key} value=${q.key} selected=${q.key === h.quantity}>${
        q.title}</option>`)}</select>
    ${h.daily && html`<label class="scale"><small>${say("future_scale_of")}</small> <select
      onChange=${(e) => change({ scale: e.target.value === "all" ? "all" : null }, true)}>
      ${["day", "all"].map((s) => html`<option key=${s} value=${s} selected=${(s === "all") === every}>${
        say(`future_scale_${s}`)}</option>`)}</select></label>`}
    <${Provinces} provinces=${h.provinces} outlines=${h.outlines} values=${values} at=${bounds} unit=${title} />
    <figcaption>${say(h.daily ? every ? "future_scale_every" : "future_scale" : "future_peaks")} ${
      !h.outlines.length && say("future_outlines")}</figcaption></figure>`;
}

function Said() {
  const f = frames.value[at.value], h = head.value;
  if (playing.value || follows.value || !f || !h) return html`<p class="hidden" role="status"></p>`;
  const names = h.panels.flatMap((p) => p.lines);
  const values = f.values.map((v, k) => `${names[k]} ${tell(v)}`).join(", ");
  const happened = f.events.map((e) => e.event).join("; ");
  return html`<p class="hidden" role="status">${say("future_told", { day: f.day, date: f.date, values })} ${happened}</p>`;
}

export function View() {
  useEffect(() => {
    opened = null;
    const stops = [effect(begin), effect(run)];
    addEventListener("keydown", keys);
    return () => {
      removeEventListener("keydown", keys);
      for (const s of stops) s();
      stop?.();
      aside?.abort();
      clearTimeout(settle);
      playing.value = false;
    };
  }, []);
  const h = head.value;
  return html`<main class="future"><${Head} />${h && html`<div class="watched">
    <div class="told"><figure class="card"><${Transport} /><${Traces} />
      <figcaption>${end.value?.sentence} ${say("future_dots")} ${say("future_keys")}</figcaption><${Days} /></figure></div>
    <div class="told"><${Where} /><${Events} /></div></div>`}<${Said} /></main>`;
}
