// A class in an hour: each step is predicted before it is shown.
import { signal } from "@preact/signals";
import { html } from "./html.js";
import { about, answer, get, jump, query, say, stale } from "./state.js";

const guess = signal(null);
const lesson = () => about.value.lesson;
export const at = () => lesson() ? Math.min(Number(get("guide", 0)) || 0, lesson().steps.length) : 0;
const step = () => lesson().steps[at() - 1];
export const covered = () => at() > 0 && step().asks !== "read" && guess.value === null;

// The state of a step is its address: what the step sets, and nothing else.
export function go(n) {
  guess.value = null;
  const next = { country: lesson().country };
  if (n > 0) Object.assign(next, lesson().steps[n - 1].sets, { guide: n });
  jump(new URLSearchParams(next));
  document.getElementById("guide")?.focus();
}

function Predict() {
  const { asks, question } = step();
  if (asks === "share")
    return html`<form class="predict" onSubmit=${(e) => {
      e.preventDefault();
      guess.value = Number(new FormData(e.target).get("guess"));
    }}><label>${question} <input name="guess" type="number" min="0" max="100" step="1" required />
      ${say("guide_of_hundred")}</label> <button>${say("guide_see")}</button></form>`;
  return html`<div class="predict" role="group" aria-labelledby="guide-question">
    <span id="guide-question">${question}</span>
    ${["more", "fewer", "same"].map((k) => html`<button key=${k} onClick=${() => { guess.value = k; }}>
      ${say(`guide_${k}`)}</button>`)}</div>`;
}

function Seen() {
  const a = answer.value;
  if (!a || stale.value || a.kind !== "refined") return html`<p class="note">${say("working")} …</p>`;
  if (step().asks === "share") {
    return html`<p>${say("guide_share", { guess: guess.value, ...a.answer.hundred })}</p>`;
  }
  const part = a.answer.parts[0]?.difference;
  const found = !part?.told ? "same" : part.value > 0 ? "more" : "fewer";
  return html`<p>${say("guide_change", { guess: say(`guide_${guess.value}`), found: say(`guide_${found}`) })}</p>`;
}

export function Guide() {
  if (!at()) return null;
  const one = step(), all = lesson().steps.length;
  return html`<section class="card guide" id="guide" tabindex="-1" aria-label=${say("guide")}>
    <div class="said"><h2>${one.title}</h2>
      <span class="note">${say("guide")}, ${say("guide_step", { n: at(), of: all })}</span></div>
    <p>${one.text}</p>
    ${one.asks !== "read" && (guess.value === null
      ? html`<${Predict} /><p class="note">${say("guide_hidden")}</p>` : html`<div role="status"><${Seen} /></div>`)}
    ${!covered() && html`<p><strong>${say("guide_talk")}.</strong> ${one.after}</p>`}
    <p class="steps">
      <button onClick=${() => go(at() - 1)} disabled=${at() < 2}>${say("guide_back")}</button>
      <button onClick=${() => go(at() + 1)} disabled=${at() === all || covered()}>${say("guide_next")}</button>
      <button onClick=${() => go(0)}>${say("guide_leave")}</button></p>
  </section>`;
}

// Where the lesson's country is served, a link leads to it.
export function Begin() {
  if (!lesson() || at() || query.value.size > 2) return null;
  return html`<p class="note begin"><button class="small" onClick=${() => {
    if (get("country", null) !== lesson().country && about.value.model.country !== lesson().country)
      location.href = `/explore?country=${lesson().country}&guide=1`;
    else go(1);
  }}>${say("guide")}</button></p>`;
}
