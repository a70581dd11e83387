// The answer as a sentence, how sure it is, and whose doing the difference is.
import { html } from "./html.js";
import { Faults } from "./parts.js";
import { replaying } from "./replay.js";
import { about, address, answer, faults, lost, made_with, progress, resting, say, stale } from "./state.js";

function Chip() {
  const a = answer.value, p = progress.value;
  if (replaying.value) return html`<span class="chip replay">${say(`x_${replaying.value}`)}</span>`;
  if (lost.value) return html`<span class="chip wrong">${say("stopped")}</span>`;
  if (p && !p.compiled) return html`<span class="chip busy">${say("compiling")}</span>`;
  if (!a && faults.value.length) return null;
  if (!a || stale.value) return html`<span class="chip busy">${say("working")}</span>`;
  if (a.kind === "preview")
    return html`<span class="chip preview">${say("preview_of", { n: a.answer.futures, agents: a.answer.agents })}</span>`;
  if (p) return html`<span class="chip busy">${say("refining", { n: p.futures, of: p.of })}</span>`;
  return html`<span class="chip">${say("refined_of", { n: a.answer.futures, agents: a.answer.agents })}</span>`;
}

export function Answer() {
  const a = answer.value, found = a?.answer, older = made_with && made_with !== about.value.version;
  const still = a?.kind === "refined" && !stale.value && !replaying.value ? `${found.sentence} ${found.against}` : "";
  return html`<section class=${`card answer ${a?.kind ?? ""} ${stale.value ? "stale" : ""}`} id="answer" tabindex="-1"
      aria-label=${say("answer")}>
    <div class="state"><${Chip} /></div>
    <${Faults} faults=${faults.value} />
    ${older && html`<p class="warn">${say("older", { v: made_with, own: about.value.version })}</p>`}
    ${found && html`<h1>${found.sentence}</h1>
      <p>${found.against} ${found.parts.map((p) => html`<span key=${p.of}
        class=${`part ${p.of} ${p.difference.told ? "" : "nothing"}`}>${p.sentence} </span>`)}</p>
      ${found.dated.map((d) => html`<p class="part choices" key=${d}>${d}</p>`)}
      ${found.beyond.map((b) => html`<p class="warn" key=${b}>${b}</p>`)}
      <p class="note">${say("standing")} <a href=${address(resting.value, "", "model")}>${say("standing_link")}</a></p>`}
    ${!found && !faults.value.length && html`<h1 class="waiting">${say("working")} …</h1>`}
    <p class="hidden" role="status">${still}</p>
  </section>`;
}
