// The page: its head, its views, its keys.
import { render } from "preact";
import { signal, effect } from "@preact/signals";
import { html } from "./html.js";
import { loadModel } from "./api.js";
import { Dialogs, Tools } from "./dialogs.js";
import { FileTaken } from "./drop.js";
import "./keys.js";
import { about, address, answer, changes, faults, get, model, open, query, redo, reset, say, steps,
  undo, change, view, words } from "./state.js";

const shown = signal(null);             // the part of the view that is open

function Views() {
  return html`<nav aria-label=${say("views")}>${about.value.views.map((v) => html`<a key=${v.key}
    href=${address(query.value, "", v.key)} aria-current=${v.key === view.value ? "page" : null}
    onClick=${(e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      open(v.key);
    }}>${v.title}</a>`)}</nav>`;
}

function Head() {
  const m = model.value, total = changes.value.choice + changes.value.assumption;
  return html`<header><a class="skip" href="#answer">${say("skip")}</a>
    <span class="brand">thermidor</span><${Views} />
    <label>${say("country")} <select value=${m.country} onChange=${(e) => {
      answer.value = null;
      location.href = `/${view.value}?country=${encodeURIComponent(e.target.value)}`;
    }}>${about.value.countries.map((c) => html`<option key=${c.name} value=${c.name}
      selected=${c.name === m.country}>${c.title}</option>`)}</select></label>
    <label>${say("seed")} <input type="number" min="0" step="1" value=${get("seed", "1")}
      onChange=${(e) => change({ seed: e.target.value === "1" ? null : e.target.value })} /></label>
    <span class="tools"><button onClick=${undo} disabled=${!steps.value.undo}>${say("undo")} <kbd>U</kbd></button>
    <button onClick=${redo} disabled=${!steps.value.redo}>${say("redo")} <kbd>⇧U</kbd></button>
    <button onClick=${reset} disabled=${!total}>${say("reset")}</button>
    <${Tools} /></span>
  </header>`;
}

function Page() {
  if (!about.value)
    return html`<main class="alone">${faults.value.map((f) => html`<p role="alert">${f}</p>`)}
      ${words.value.x_choose && html`<${FileTaken} />`}</main>`;
  return html`<${Head} />${shown.value && html`<${shown.value} />`}<${Dialogs} />`;
}

// A link says with which version it was made.
function stamp() {
  if (get("v", null) === about.value.version) return;
  change({ v: about.value.version }, true);
}

render(html`<${Page} />`, document.getElementById("page"));
if (await loadModel()) {
  stamp();
  effect(() => {
    const key = view.value, title = about.value.views.find((v) => v.key === key)?.title;
    document.title = `${title}: ${model.value.title} – Thermidor`;
    import(`./views/${key}.js`).then((part) => { if (view.peek() === key) shown.value = part.View; });
  });
}
