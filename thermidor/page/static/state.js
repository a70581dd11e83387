// The state of the page, which is its address; what was before, to undo.
import { signal, computed } from "@preact/signals";

const KINDS = { choice: "c.", assumption: "a." };
const own = new URLSearchParams(location.search);
export const about = signal(null);      // what /api/model says
export const fewWords = signal({});     // where there is no model
export const words = computed(() => about.value?.words ?? fewWords.value);
export const model = computed(() => about.value?.model ?? null);
export const answer = signal(null);     // the last answer, a preview or refined
export const progress = signal(null);
export const faults = signal([]);
export const stale = signal(true);      // what is shown is not of the present settings
export const held = signal(false);      // a slider is being dragged
export const lost = signal(false);      // the server does not answer
export const query = signal(own);       // moves while a slider is dragged
export const resting = signal(own);     // stays until it is released: what links hold
const viewHere = () => location.pathname.split("/")[1] || "explore";
export const view = signal(viewHere());
export const made_with = own.get("v");

const past = [], future = [];
export const steps = signal({ undo: 0, redo: 0 });
let settled = own.toString();           // the address before a drag

// What the numbers of a view hang on, of the address: what was changed, and these keys.
export function asked(keys) {
  const text = new URLSearchParams();
  for (const [k, v] of query.value) if (/^[ca]\./.test(k) || keys.includes(k)) text.set(k, v);
  text.sort();
  return text.toString();
}

export const say = (key, values = {}) =>
  (words.value[key] ?? "").replace(/\{(\w+)\}/g, (_, k) => values[k] ?? "");

export const yesNo = (x) => say(Number(x) ? "yes" : "no");

export const keyOf = (control) => KINDS[control.role] + control.key;

// A part of the query, as text or number: who reads it is drawn again only when that part changes.
const parts = new Map();
function part(name, read) {
  if (!parts.has(name)) parts.set(name, computed(() => read(query.value)));
  return parts.get(name).value;
}
const given = (key) => part(key, (q) => q.get(key));

export const get = (key, otherwise) => given(key) ?? otherwise;

export function valueOf(control) {
  const found = given(keyOf(control));
  if (found === null) return control.value;
  return control.options ? found : Number(found);
}

// Values of a choice from a date on: [date, value], by date.
export function datesOf(control) {
  const begins = `${keyOf(control)}@`;
  const text = part(begins, (q) => [...q].filter(([k]) => k.startsWith(begins))
    .map(([k, v]) => `${k.slice(begins.length)} ${v}`).sort().join("\n"));
  return text ? text.split("\n").map((line) => line.split(" ")) : [];
}

// What would hold on a day (from the first, where there is none) without the reader's value of it.
export function without(control, date = "") {
  if (!date) return control.value;
  const all = { "": valueOf(control), ...control.turns, ...Object.fromEntries(datesOf(control)) };
  return control.turns[date] ?? all[Object.keys(all).filter((d) => d < date).sort().at(-1)];
}
export const same = (a, b) => a === b || Number(a) === Number(b);

// Whether a value changes something; to hold what is drawn does so at any value.
const acts = (control, date, value) => control.role === "assumption" || !same(value, without(control, date));

export function isChanged(control) {
  const own = given(keyOf(control));
  return (own !== null && acts(control, "", own)) || datesOf(control).some(([date, value]) => acts(control, date, value));
}

const controls = computed(() => new Map(["choices", "assumptions"].flatMap((tab) => model.value[tab])
  .flatMap((g) => g.controls).map((c) => [keyOf(c), c])));

// How many choices, or assumptions, are changed.
export const changes = (role) => part(`all ${role}`, (q) => [...q].filter(([key, value]) => {
  const [name, date = ""] = key.split("@"), control = controls.value.get(name);
  return key.startsWith(KINDS[role]) && (!control || acts(control, date, value));
}).length);

// The edits that set a control back.
export const asItWas = (control) => Object.fromEntries([keyOf(control),
  ...datesOf(control).map(([date]) => `${keyOf(control)}@${date}`)].map((k) => [k, null]));

export const noted = signal("");        // a word on what was just done
let over = 0;
export function note(text, stays = false) {
  clearTimeout(over);
  noted.value = text;
  if (!stays) over = setTimeout(() => { noted.value = ""; }, 5000);
}

const edited = (text, edits) => {
  const next = new URLSearchParams(text);
  for (const [key, value] of Object.entries(edits)) {
    if (value === null || value === undefined || value === "") next.delete(key);
    else next.set(key, String(value));
  }
  return next;
};

// moving: no step to undo. Of a value, for it is dragged, which is one step once it is released;
// of what is shown (a tab, a day), for all: undo leaves it alone.
export function change(edits, moving = false) {
  const drag = moving && Object.keys(edits).some((key) => /^[ca]\./.test(key));
  if (moving && !drag) settled = edited(settled, edits).toString();
  go(edited(query.value, edits), moving, drag);
}

function go(next, moving, drag = moving) {
  held.value = drag;
  const text = next.toString();
  if (!moving && text !== settled) {
    past.push(settled);
    future.length = 0;
    settled = text;
    history.pushState(null, "", address(next));
  } else if (!drag && text !== resting.peek().toString()) {
    history.replaceState(null, "", address(next));
  }
  show(next, drag);
}

// Another state altogether, one step to undo.
export const jump = (next) => go(next, false);

export const address = (q, ending = "", of = view.peek()) =>
  `/${of}${ending}${q.size ? "?" : ""}${q}`;

// What a view that is open says to another: edits with which that one opens, by its key.
export const carried = signal({});
const handed = (name) => carried.value[name]?.() ?? {};
export const link = (name) => address(edited(resting.value, handed(name)), "", name);

// Another view of the same state; `edits` as for change().
export function open(name, edits = handed(name)) {
  view.value = name;
  history.pushState(null, "", address(query.value));
  if (Object.keys(edits).length) change(edits, true);
}

function show(next, drag = false) {
  query.value = next;
  if (drag) return;
  resting.value = next;
  steps.value = { undo: past.length, redo: future.length };
}

function travel(from, to) {
  if (!from.length) return;
  to.push(settled);
  settled = from.pop();
  const next = new URLSearchParams(settled);
  history.replaceState(null, "", address(next));
  show(next);
}
export const undo = () => travel(past, future);
export const redo = () => travel(future, past);

export function reset() {
  const next = new URLSearchParams(query.value);
  for (const key of [...next.keys()]) if (/^[ca]\./.test(key)) next.delete(key);
  go(next, false);
}

addEventListener("popstate", () => {
  const next = new URLSearchParams(location.search);
  settled = next.toString();
  view.value = viewHere();
  show(next);
});
