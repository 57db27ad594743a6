/** Parts that the page's sections share. */
import { html } from "hono/html";

/** What the template makes, or text that it will escape. */
export type Markup = ReturnType<typeof html> | string;

/** A bar, as long as its part of the longest. */
export function bar(part: number): Markup {
  const percent = Math.max(1, Math.round(Math.min(1, Math.max(0, part)) * 100));
  return html`<div class="bar" style="width: ${percent}%"></div>`;
}

/** A table. Columns without a name hold bars. */
export function table(heads: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th class="${head === "" ? "bars" : ""}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
