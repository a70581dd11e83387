// The page: its head, its views, its keys.
import { render } from "preact";
import { signal, effect } from "@preact/signals";
import { html } from "./html.js";
import { loadModel } from "./api.js";
import { Actions, Dialogs, Seed } from "./dialogs.js";
import { FileTaken } from "./drop.js";
import "./focus.js";
import "./keys.js";
import { about, address, answer, faults, get, model, open, redo, resting, say, steps, undo, change, view,
  words } from "./state.js";

const shown = signal(null);             // the part of the view that is open

function Views() {
  return html`<nav aria-label=${say("views")}>${about.value.views.map((v) => html`<a key=${v.key}
    href=${address(resting.value, "", v.key)} aria-current=${v.key === view.value ? "page" : null}
    onClick=${(e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      open(v.key);
    }}>${v.title}</a>`)}</nav>`;
}

// A step that cannot be taken keeps the focus, and says so.
const Step = ({ act, key_, sign, can }) => html`<button class="plain" onClick=${() => can && act()} aria-disabled=${can ? "false" : "true"}
  aria-label=${say(key_)} title=${say(key_)}>${sign}</button>`;

function Head() {
  const m = model.value;
  return html`<header><a class="skip" href="#answer">${say("skip")}</a>
    <span class="brand">thermidor</span><${Views} />
    <label class="land"><span>${say("country")}</span> <select value=${m.country} onChange=${(e) => {
      answer.value = null;
      location.href = `/${view.value}?country=${encodeURIComponent(e.target.value)}`;
    }}>${about.value.countries.map((c) => html`<option key=${c.name} value=${c.name}
      selected=${c.name === m.country}>${c.title}</option>`)}</select></label>
    <span class="tools"><${Seed} /><${Step} act=${undo} key_="undo" sign="↶" can=${steps.value.undo > 0} />
    <${Step} act=${redo} key_="redo" sign="↷" can=${steps.value.redo > 0} /><${Actions} /></span>
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
