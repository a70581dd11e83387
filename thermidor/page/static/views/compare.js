// Compare: countries, arguments, the beliefs of two people, two studies.
import { html } from "../html.js";

export function View() {
  return html`<main class="alone" id="answer" tabindex="-1"></main>`;
}
