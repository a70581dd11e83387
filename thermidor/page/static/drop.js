// A file that is dropped on the page, or chosen: it goes to this server as text, and what it is comes
// back, or its faults, as the terminal tells them.
import { signal } from "@preact/signals";
import { html } from "./html.js";
import { loadModel } from "./api.js";
import { change, get, model, open, query, say, view } from "./state.js";
import { opened } from "./dialogs.js";

const MOST = 2000000;                   // bytes that the server takes
const told = signal(null);

async function take(file) {
  if (!file) return;
  opened.value = "file";
  const { name } = file;
  if (file.size > MOST) { told.value = { name, faults: [say("x_too_large", { name, n: MOST.toLocaleString("en") })] }; return; }
  told.value = { name, busy: true };
  try {
    const reply = await fetch(`/api/drop?${query.value}`, { method: "POST", body: file,
      headers: { "content-type": "text/plain", "x-file-name": encodeURIComponent(name) } });
    told.value = { name, ...await reply.json() };
    if (reply.ok) use(told.value);
  } catch { told.value = { name, faults: [say("x_lost")] }; }
}

// Beliefs become the reader's assumptions, but on Compare one of the two that are compared.
async function believe(f) {
  await loadModel().catch(() => {});    // which names them from now on
  const named = get("with", "").split(",").filter((n) => n && n !== f.key);
  if (view.value === "compare") change({ show: "beliefs", with: [...(get("show", "") === "beliefs" ? named.slice(0, 1) : []), f.key].join(",") });
  else change({ tab: "assumptions", ...Object.fromEntries(Object.entries(f.sets).map(([k, v]) => [`a.${k}`, v])) });
}

function use(f) {
  if (f.kind === "country") {
    const q = new URLSearchParams(f.key === get("country", "") ? query.value : { country: f.key });
    setTimeout(() => { location.href = `/${view.value}?${q}`; }, 900);
  }
  if (f.kind === "beliefs") believe(f);
  if (f.kind === "argument") open("claims", { argument: f.key, claim: null });
  if (f.kind === "seen") {
    const here = [get("left", "survival"), get("right", "crowds")];
    const other = f.charts.some((k) => here.includes(k)) || !f.charts.length ? {} : { right: f.charts[0] };
    change({ seen: f.key, ...other });
  }
}

function more(f) {
  if (f.kind === "beliefs" && view.value === "compare") return say("x_is_compared");
  if (f.kind === "beliefs") return say("x_is_beliefs", { n: Object.keys(f.sets).length });
  if (f.kind === "argument") return say("x_is_argument", { country: model.value?.country, name: f.name });
  const title = (k) => model.value.charts.find((c) => c.key === k)?.title ?? k;
  return say(`x_is_${f.kind}`, { charts: f.charts?.map(title).join(", ") });
}

function Told({ f }) {
  if (f.busy) return html`<p>${say("x_checking", { name: f.name })}</p>`;
  if (f.faults) return html`<div class="faults" role="alert"><strong>${f.title || f.name}</strong>
    <ul>${f.faults.map((x) => html`<li key=${x}>${x}</li>`)}</ul></div>`;
  return html`<p><strong>${f.says}</strong> ${more(f)}</p>
    ${f.notes.length > 0 && html`<ul class="notes">${f.notes.map((x) => html`<li key=${x}>${x}</li>`)}</ul>`}`;
}

export function FileTaken() {
  return html`<p class="note">${say("x_open_about")}</p>
    <label class="switch">${say("x_choose")} <input type="file" accept=".yaml,.yml,.json"
      onChange=${(e) => { take(e.target.files[0]); e.target.value = ""; }} /></label>
    <div aria-live="polite">${told.value && html`<${Told} f=${told.value} />`}</div>`;
}

const files = (e) => e.dataTransfer?.types.includes("Files");
addEventListener("dragover", (e) => { if (files(e)) { e.preventDefault(); document.body.classList.add("over"); } });
addEventListener("dragleave", (e) => { if (!e.relatedTarget) document.body.classList.remove("over"); });
addEventListener("drop", (e) => {
  if (!files(e)) return;
  e.preventDefault();
  document.body.classList.remove("over");
  take(e.dataTransfer.files[0]);
});
