/** What the critical path went through, as a bar and in numbers: what would make the whole shorter. */
import { pathParts, type PathParts } from "../../../src/trace/path-totals.ts";
import { formatMs } from "../format.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";

/** The parts of a path, with the sign that the waterfall has for each; together they are all of the time. */
const PARTS = [
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

/** Shows a line per trace. */
export function PathLines({ traces }: { readonly traces: readonly OpenedTrace[] }) {
  const longestMs = Math.max(...traces.map(({ figures }) => figures.value.wallMs));
  return (
    <div class="path-lines">
      {traces.map(({ index, feed, path, figures }) => (
        <PathLine
          key={index}
          path={pathParts(path.value)}
          name={traces.length > 1 ? feed.name : undefined}
          length={figures.value.wallMs / longestMs}
        />
      ))}
    </div>
  );
}

interface PathLineOptions {
  readonly path: PathParts;
  /** Undefined where there is one trace only. */
  readonly name: string | undefined;
  /** Of the longest of all bars, from 0 to 1. */
  readonly length: number;
}

function PathLine({ path, name, length }: PathLineOptions) {
  const parts = PARTS.map((kind) => ({ ...kind, ms: kind.value(path) })).filter(({ ms }) => ms > 0);
  if (parts.length === 0) return null;
  const title = name === undefined ? "critical path" : `critical path of ${name}`;
  return (
    <div class="path-line" role="group" aria-label={title}>
      <span title="what the time went into: to make a part shorter makes the whole shorter, by that at most">
        {title}
      </span>
      <span class="path-bar" aria-hidden="true">
        <span style={{ width: `${100 * length}%` }}>
          {parts.map(({ part, sign, ms }) => (
            <span key={part} class={`swatch ${sign}`} style={{ flexGrow: ms }} />
          ))}
        </span>
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
