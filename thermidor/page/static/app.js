// The page: its parts, its keys, and when it asks.
import { render } from "preact";
import { effect } from "@preact/signals";
import { html } from "./html.js";
import { ask, loadModel } from "./api.js";
import { Answer } from "./answer.js";
import { Charts } from "./charts.js";
import { Controls } from "./controls.js";
import { Ledger } from "./ledger.js";
import { about, address, answer, changes, faults, get, model, query, redo, reset, say, steps, undo,
  change } from "./state.js";

function Head() {
  const m = model.value, total = changes.value.choice + changes.value.assumption;
  return html`<header><a class="skip" href="#answer">${say("skip")}</a>
    <span class="brand">thermidor</span>
    <label>${say("country")} <select value=${m.country} onChange=${(e) => {
      answer.value = null;
      location.href = `/explore?country=${encodeURIComponent(e.target.value)}`;
    }}>${about.value.countries.map((c) => html`<option key=${c.name} value=${c.name}
      selected=${c.name === m.country}>${c.title}</option>`)}</select></label>
    <label>${say("seed")} <input type="number" min="0" step="1" value=${get("seed", "1")}
      onChange=${(e) => change({ seed: e.target.value === "1" ? null : e.target.value })} /></label>
    <span class="gap"></span>
    <button onClick=${undo} disabled=${!steps.value.undo}>${say("undo")} <kbd>U</kbd></button>
    <button onClick=${redo} disabled=${!steps.value.redo}>${say("redo")} <kbd>⇧U</kbd></button>
    <button onClick=${reset} disabled=${!total}>${say("reset")}</button>
    <span class="data">${say("data")}: <a href=${address(query.value, ".json")}>${say("json")}</a>
      ${" "}<a href=${address(query.value, ".csv")}>${say("csv")}</a>
      ${" "}<a href=${address(query.value, ".yaml")}>${say("yaml")}</a></span>
  </header>`;
}

function Page() {
  if (!about.value)
    return html`<main class="alone">${faults.value.map((f) => html`<p role="alert">${f}</p>`)}</main>`;
  return html`<${Head} /><main><${Controls} />
    <div class="told"><${Answer} />${answer.value && html`<${Charts} />`}<${Ledger} /></div></main>`;
}

addEventListener("keydown", (e) => {
  const typing = e.target.matches?.("input:not([type=range]), select, textarea");
  if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "u") undo();
  if (e.key === "U") redo();
});

// A link says with which version it was made.
function stamp() {
  if (get("v", null) === about.value.version) return;
  change({ v: about.value.version }, true);
}

render(html`<${Page} />`, document.getElementById("page"));
if (await loadModel()) {
  document.title = `${model.value.title} – Thermidor`;
  stamp();
  effect(() => { query.value; ask(); });
}
