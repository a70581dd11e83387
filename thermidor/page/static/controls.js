// Choices and assumptions: two tabs, never mixed.
import { signal } from "@preact/signals";
import { html } from "./html.js";
import { DatedButton, DatedTable } from "./dated.js";
import { asItWas, change, changes, get, isChanged, keyOf, model, say, valueOf, yesNo } from "./state.js";

const STEPS = 400;
const text = signal("");
export const drawer = signal(false);    // where the page is narrow, it lies over its lower half

const place = (c, value) => {
  const [low, high, x] = c.log ? [c.low, c.high, value].map(Math.log) : [c.low, c.high, value];
  return high > low ? Math.round(STEPS * (x - low) / (high - low)) : 0;
};
const valueAt = (c, k) => {
  if (k <= 0) return c.low;
  if (k >= STEPS) return c.high;
  const x = c.log ? c.low * (c.high / c.low) ** (k / STEPS) : c.low + (c.high - c.low) * k / STEPS;
  return Number(x.toPrecision(3));
};
const shown = (x) => typeof x === "number" ? String(Number(x.toPrecision(6))) : x;
const beyond = (c, x) => c.plausible && (x < c.plausible[0] || x > c.plausible[1]);
const percent = (c, x) => `${100 * Math.min(1, Math.max(0, place(c, x) / STEPS))}%`;

function Slider({ c }) {
  const value = valueOf(c);
  const to = (x, moving) => change({ [keyOf(c)]: x === c.value ? null : x }, moving);
  const track = c.plausible
    ? { "--from": percent(c, c.plausible[0]), "--to": percent(c, c.plausible[1]) } : {};
  return html`<div class="slide" style=${{ ...track, "--was": percent(c, c.value) }}>
    <input type="range" id=${c.key} min="0" max=${STEPS} step="1" value=${place(c, value)}
      aria-label=${c.says} aria-valuetext=${`${shown(value)} ${c.unit}`}
      aria-describedby=${`about-${c.key}`}
      onInput=${(e) => to(valueAt(c, Number(e.target.value)), true)}
      onChange=${(e) => to(valueAt(c, Number(e.target.value)), false)}
      onDblClick=${() => change(asItWas(c))} />
    <input type="number" step="any" min=${c.least} max=${c.most} value=${shown(value)}
      aria-label=${`${c.says}, ${say("value")}`}
      onChange=${(e) => e.target.value !== "" && to(Number(e.target.value), false)} />
  </div>`;
}

// Neither is chosen where it is drawn anew in every future.
function Switch({ c }) {
  const value = c.drawn && !isChanged(c) ? null : valueOf(c);
  return html`<div class="yes-no" role="radiogroup" aria-label=${c.says} aria-describedby=${`about-${c.key}`}>
    ${[0, 1].map((x) => html`<label key=${x}><input type="radio" id=${x ? null : c.key} name=${c.key} checked=${value === x}
      onChange=${() => change({ [keyOf(c)]: x === c.value && !c.drawn ? null : x })} /> ${yesNo(x)}</label>`)}</div>`;
}

function Forms({ c }) {
  return html`<select id=${c.key} aria-label=${c.says} value=${valueOf(c)}
    onChange=${(e) => change({ [keyOf(c)]: e.target.value === c.value ? null : e.target.value })}>
    ${c.options.map((o) => html`<option value=${o} selected=${o === valueOf(c)}>${o}</option>`)}
  </select>`;
}

function Control({ c }) {
  const changed = isChanged(c), amber = !c.options && beyond(c, valueOf(c));
  return html`<li class=${`control ${changed ? "changed" : ""} ${amber ? "beyond" : ""}`}>
    <div class="said"><span>${c.says}</span>
      <span class="acts">${changed && html`<button class="small" onClick=${() => change(asItWas(c))}
        aria-label=${`${say("reset_one")}: ${c.says}`}>${say("reset_one")}</button>`}
      ${c.role === "choice" && !c.options && html`<${DatedButton} c=${c} />`}</span></div>
    ${c.options ? html`<${Forms} c=${c} />` : c.switch ? html`<${Switch} c=${c} />` : html`<${Slider} c=${c} />`}
    <p class="note" id=${`about-${c.key}`}>
      ${c.options || c.switch ? null : html`<span>${c.unit}</span> · `}
      ${c.options || c.switch ? null : html`<span>${say(c.plausible ? "plausible" : "range")} ${c.range}</span> · `}
      ${c.role === "assumption" ? html`<span title=${c.source ?? say("no_source")}>${c.grade}</span>`
        : html`<span>${say("as_is")} ${c.switch ? yesNo(c.value) : shown(c.value)}</span>`}
      ${amber && html`<strong> · ${say("beyond")}</strong>`}
      ${c.reason && html`<span class="reason">${say("because")} ${c.reason}</span>`}
    </p>
    ${c.role === "choice" && !c.options && html`<${DatedTable} c=${c} />`}
  </li>`;
}

function Group({ group, open }) {
  const touched = group.controls.filter(isChanged).length;
  return html`<details open=${open || touched > 0}>
    <summary><h3>${group.title}</h3>
      ${touched > 0 && html`<span class="count">${touched} ${say("changed")}</span>`}</summary>
    ${group.says && html`<p class="note">${group.says}</p>`}
    <ul>${group.controls.map((c) => html`<${Control} key=${c.key} c=${c} />`)}</ul>
  </details>`;
}

export function Controls() {
  const tab = get("tab", "choices"), m = model.value;
  const pick = (name) => change({ tab: name === "choices" ? null : name }, true);
  const word = text.value.toLowerCase();
  const like = (c) => `${c.key} ${c.says} ${c.reason} ${c.unit}`.toLowerCase().includes(word);
  const groups = m[tab].map((g) => word ? { ...g, controls: g.controls.filter(like) } : g)
    .filter((g) => g.controls.length);
  const count = { choices: changes("choice"), assumptions: changes("assumption") };
  const arrow = (e) => {
    if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return;
    pick(tab === "choices" ? "assumptions" : "choices");
    e.currentTarget.querySelector("[aria-selected=false]")?.focus();
  };
  const close = (e) => {
    if (e.key !== "Escape" || !drawer.value) return;
    drawer.value = false;
    document.querySelector(".pull").focus();
  };
  const total = count.choices + count.assumptions;
  return html`<button class="pull" aria-expanded=${drawer.value ? "true" : "false"} aria-controls="controls" onKeyDown=${close}
      onClick=${() => { drawer.value = !drawer.value; }}>${say("controls")}${total > 0 && html` <span class="count">${total}
      ${" "}${say("changed")}</span>`}</button>
    <section id="controls" class=${`controls ${tab} ${drawer.value ? "out" : ""}`} aria-label=${say("controls")} onKeyDown=${close}>
    <div role="tablist" onKeyDown=${arrow}>
      ${["choices", "assumptions"].map((name) => html`<button role="tab" id=${`tab-${name}`}
        class=${name} aria-selected=${tab === name ? "true" : "false"} aria-controls="panel"
        tabindex=${tab === name ? 0 : -1} onClick=${() => pick(name)}>${say(name)}
        ${count[name] > 0 && html` <span class="count">${count[name]} ${say("changed")}</span>`}
      </button>`)}
    </div>
    <div role="tabpanel" id="panel" aria-labelledby=${`tab-${tab}`}>
      <p class="note">${say(`about_${tab}`)} ${tab === "assumptions" && m.grades}</p>
      <input type="search" placeholder=${say("search")} aria-label=${say("search")}
        value=${text.value} onInput=${(e) => { text.value = e.target.value; }} />
      ${groups.map((g, k) => html`<${Group} key=${tab + g.key} group=${g}
        open=${word !== "" || (tab === "choices" && k < 2)} />`)}
    </div>
  </section>`;
}
