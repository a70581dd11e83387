// What opens over the page: export, a file, the keys; and the buttons that open it.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";
import { about, address, answer, change, get, model, note, noted, query, reset, resting, say } from "./state.js";
import { fetched, figure, save, shut } from "./figure.js";
import { FileTaken } from "./drop.js";
import { keep, keysOn } from "./keys.js";
import { replay, replayable, replaying } from "./replay.js";

export const opened = signal("");       // export, file, help

export async function share() {
  try {
    await navigator.clipboard.writeText(location.href);
    note(say("x_shared"));
  } catch { note(say("x_not_shared")); }
}

function Dialog({ name, title, children }) {
  const box = useRef(null);
  useEffect(() => { box.current.showModal(); }, []);
  return html`<dialog ref=${box} aria-labelledby=${`of-${name}`} onClose=${() => { opened.value = ""; }}
    onClick=${(e) => e.target === box.current && box.current.close()}><div>
    <div class="choose"><h2 id=${`of-${name}`}>${title}</h2>
      <button onClick=${() => box.current.close()}>${say("x_close")} <kbd>${say("x_esc")}</kbd></button></div>
    ${children}</div></dialog>`;
}

function Recipe() {
  const [text, tell] = useState("");
  useEffect(() => { fetched(address(query.value, ".sh", "explore")).then(async (r) => r && tell(await r.text())); }, []);
  return html`<h3>${say("x_recipe")}</h3><p class="note">${say("x_recipe_about")}</p>
    <pre tabindex="0">${text}</pre><button disabled=${!text} onClick=${() => navigator.clipboard.writeText(text)
      .then(() => note(say("x_copied")), () => note(say("x_not_copied")))}>${say("x_copy")}</button>`;
}

function Report() {
  const [busy, be] = useState(false);
  const write = async () => {
    be(true);
    note(say("x_writing"), true);
    const reply = await fetched(address(query.value, ".html", "explore"));
    be(false);
    if (!reply) return;
    save(await reply.blob(), `${model.value.country}.html`);
    note(say("x_written"));
  };
  return html`<h3>${say("x_report")}</h3><p class="note">${say("x_report_about")}</p>
    <button onClick=${write} disabled=${busy}>${say("x_write")}</button>`;
}

function Export() {
  const charts = answer.value?.charts ?? [];
  return html`<${Dialog} name="export" title=${say("x_export")}>
    <p class="note">${say("x_export_about")}</p>
    ${["left", "right"].map((side, k) => charts[k] && html`<p class="pick" key=${side}><span>${charts[k].title}</span>
      ${["svg", "png"].map((kind) => html`<button key=${kind} aria-label=${`${charts[k].title}, ${say(`x_${kind}`)}`}
        onClick=${() => figure(side, kind)}>${say(`x_${kind}`)}</button>`)}</p>`)}
    <p class="pick"><span>${say("x_numbers")}</span>${[".json", ".csv", ".yaml"].map((end) => html`<a key=${end}
      href=${address(resting.value, end, "explore")}>${say(end.slice(1))}</a>`)}</p>
    <${Recipe} /><${Report} /></${Dialog}>`;
}

function Help() {
  return html`<${Dialog} name="help" title=${say("x_help")}><table><thead><tr><th scope="col">${say("x_key")}</th>
    <th scope="col">${say("x_does")}</th></tr></thead><tbody>${about.value.keys.map(([key, does]) => html`<tr key=${key}>
    <th scope="row"><kbd>${key}</kbd></th><td>${does}</td></tr>`)}</tbody></table>
    <label class="switch"><input type="checkbox" checked=${keysOn.value}
      onChange=${(e) => keep(e.target.checked)} /> ${say("x_keys_on")}</label>
    <p class="note">${say("x_keys_about")}</p></${Dialog}>`;
}

const SHOWN = {
  export: Export, help: Help,
  file: () => html`<${Dialog} name="file" title=${say("x_open")}><${FileTaken} /></${Dialog}>`,
};

export function Dialogs() {
  const Open = SHOWN[opened.value];
  return html`<p class=${`notice ${noted.value ? "" : "hidden"}`} role="status">${noted.value}</p>
    ${Open && html`<${Open} />`}`;
}

// What can be done with the page, with its keys: [words, key, what it does, whether it can be done].
export function Actions() {
  const show = (name) => () => { opened.value = name; };
  const given = [...resting.value.keys()].some((k) => /^[ca]\./.test(k));
  const all = [["x_replay", say("x_space"), replay, replayable.value && replaying.value === ""],
    ["reset", "", reset, given], ["x_open", "O", show("file"), true], ["x_export", "E", show("export"), true],
    ["x_share", "S", share, true], ["x_help", "?", show("help"), true]];
  return html`<details class="menu" onKeyDown=${shut} onFocusOut=${shut}><summary>${say("x_menu")}</summary>
    <div class="list">${all.map(([name, key, act, can]) => html`<button key=${name} disabled=${!can} onClick=${(e) => {
      const menu = e.currentTarget.closest("details");
      menu.querySelector("summary").focus();
      menu.open = false;
      act();
    }}>${say(name)} ${key && html`<kbd aria-hidden="true">${key}</kbd>`}</button>`)}</div></details>`;
}

export function Seed() {
  return html`<details class="menu" onKeyDown=${shut} onFocusOut=${shut}>
    <summary>${say("seed")} ${get("seed", "1")}</summary><div><label>${say("x_luck")} <input type="number" min="0" step="1"
    value=${get("seed", "1")} onChange=${(e) => change({ seed: e.target.value === "1" ? null : e.target.value })} /></label>
    </div></details>`;
}
