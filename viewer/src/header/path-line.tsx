/** What the critical path went through, as a bar and in numbers: what would make the whole shorter. */
import type { PathParts } from "../../../src/trace/path-totals.ts";
import { formatMs } from "../format.ts";

/** The parts of a path, with the sign that the waterfall has for each; together they are all of the time. */
export const PATH_PARTS = [
  { part: "model", sign: "model", about: "the model wrote", value: ({ modelMs }: PathParts) => modelMs },
  { part: "tools", sign: "running", about: "tools ran", value: ({ toolsMs }: PathParts) => toolsMs },
  {
    part: "waits",
    sign: "framed",
    about: "a call waited, and no other is to blame: a rate, an approval, a pause before a retry",
    value: ({ waitsMs }: PathParts) => waitsMs,
  },
  {
    part: "outside",
    sign: "outside",
    about: "outside of turns and calls",
    value: ({ outsideMs }: PathParts) => outsideMs,
  },
] as const;

/** Shows the parts. */
export function PathLine({ path }: { readonly path: PathParts }) {
  const parts = PATH_PARTS.map((kind) => ({ ...kind, ms: kind.value(path) })).filter(({ ms }) => ms > 0);
  if (parts.length === 0) return null;
  return (
    <div class="path-line" role="group" aria-label="Critical path">
      <span title="what the time went into: to make a part shorter makes the whole shorter, by that at most">
        critical path
      </span>
      <span class="path-bar" aria-hidden="true">
        {parts.map(({ part, sign, ms }) => (
          <span key={part} class={`swatch ${sign}`} style={{ flexGrow: ms }} />
        ))}
      </span>
      <dl>
        {parts.map(({ part, about, ms }) => (
          <div key={part} title={about}>
            <dt>{part}</dt>
            <dd>{formatMs(ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
