/** What became of the same turn or call in the other of two traces. */
import { formatMs } from "../format.ts";
import { counterpartOf } from "../state/counterparts.ts";
import type { Page } from "../state/page.ts";
import type { RowChoice } from "../state/view.ts";
import { RowLink } from "./row-link.tsx";
import { Section } from "./section.tsx";

/** What is shown. */
export interface InOtherOptions {
  readonly page: Page;
  readonly choice: RowChoice;
}

/** Shorter differences are the machine's. */
const LEAST_MS = 0.5;

/** Shows it; nothing where there is no other trace. */
export function InOther({ page, choice }: InOtherOptions) {
  const other = page.traces[1 - choice.trace];
  if (other === undefined) return null;
  const found = counterpartOf(page.counterparts.value, choice);
  return (
    <Section title={`In ${other.feed.name}`}>
      {found === undefined ? (
        <p class="note">There is no such {choice.row.startsWith("turn:") ? "turn" : "call"}.</p>
      ) : (
        <>
          <table class="attempts">
            <thead>
              <tr>
                <th />
                <th scope="col" class="number">
                  here
                </th>
                <th scope="col" class="number">
                  there
                </th>
                <th scope="col" class="number">
                  difference
                </th>
              </tr>
            </thead>
            <tbody>
              {found.times.map(({ what, hereMs, thereMs }) => (
                <tr key={what}>
                  <th scope="row">{what}</th>
                  <td class="number">{formatMs(hereMs)}</td>
                  <td class="number">{formatMs(thereMs)}</td>
                  <td class="number">{tellDifference(thereMs - hereMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>
            <RowLink page={page} opened={other} row={found.choice.row}>
              Show it there
            </RowLink>{" "}
            <kbd>o</kbd> {!found.isSameInput && "Its input is another."}
          </p>
        </>
      )}
    </Section>
  );
}

function tellDifference(ms: number): string {
  if (Math.abs(ms) < LEAST_MS) return "=";
  return `${ms < 0 ? "−" : "+"}${formatMs(Math.abs(ms))}`;
}
