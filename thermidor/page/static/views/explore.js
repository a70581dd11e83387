// Explore: what you may change beside the answer that moves.
import { useEffect } from "preact/hooks";
import { effect } from "@preact/signals";
import { html } from "../html.js";
import { ask } from "../api.js";
import { Answer } from "../answer.js";
import { Charts } from "../charts.js";
import { Controls } from "../controls.js";
import { Ledger } from "../ledger.js";
import { Beside, hand, One, watchAnswer } from "../beside.js";
import { Begin, covered, Guide } from "../guide.js";
import { answer, carried, query } from "../state.js";

export function View() {
  useEffect(() => effect(() => { query.value; ask(); }), []);
  useEffect(watchAnswer, []);
  useEffect(() => { carried.value = hand(); return () => { carried.value = {}; }; }, []);
  return html`<main><${Controls} />
    <div class="told"><${Guide} />${!covered() && html`<${Answer} /><${Begin} />
      ${answer.value && html`<${Charts} /><${One} />`}<${Ledger} />`}</div>
    ${answer.value && !covered() && html`<${Beside} />`}</main>`;
}
