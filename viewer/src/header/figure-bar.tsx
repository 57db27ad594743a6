/** The numbers of a trace, in a line; of two, side by side with what differs. */
import type { ComponentChildren } from "preact";
import type { Figures } from "../../../src/trace/figures.ts";
import { formatCount, formatMs, formatPercent } from "../format.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import { PathLines } from "./path-lines.tsx";

/** A number that is shown. */
interface FigureKind {
  readonly name: string;
  readonly about: string;
  /** Undefined where there is nothing to say. */
  readonly value: (figures: Figures) => number | undefined;
  readonly format: (value: number) => string;
  /** Which way is better. */
  readonly better: "less" | "more" | "neither";
}

const KINDS: readonly FigureKind[] = [
  {
    name: "wall",
    about: "from the start to the end",
    value: ({ wallMs }) => wallMs,
    format: formatMs,
    better: "less",
  },
  {
    name: "one by one",
    about: "what it would have taken with each turn's calls one after the other once the model had stopped",
    value: ({ oneByOneMs }) => oneByOneMs,
    format: formatMs,
    better: "neither",
  },
  {
    name: "saved",
    about: "one by one, less wall",
    value: ({ savedMs }) => savedMs,
    format: formatMs,
    better: "more",
  },
  {
    name: "without limits",
    about: "what it would have taken had no limit been in the way",
    value: ({ lowerBoundMs }) => lowerBoundMs,
    format: formatMs,
    better: "neither",
  },
  {
    name: "model",
    about: "time in which the model wrote",
    value: ({ modelMs }) => modelMs,
    format: formatMs,
    better: "less",
  },
  {
    name: "tools",
    about: "what all calls ran, added up",
    value: ({ runningMs }) => runningMs,
    format: formatMs,
    better: "less",
  },
  {
    name: "waited",
    about: "what all calls waited, added up",
    value: ({ waitedMs }) => waitedMs,
    format: formatMs,
    better: "less",
  },
  {
    name: "turns",
    about: "model responses",
    value: ({ turns }) => turns,
    format: formatCount,
    better: "less",
  },
  {
    name: "calls",
    about: "calls that the model made",
    value: ({ calls }) => calls,
    format: formatCount,
    better: "neither",
  },
  {
    name: "per turn",
    about: "calls per turn, over the turns that made any",
    value: ({ callsPerTurn }) => callsPerTurn || undefined,
    format: (calls) => calls.toFixed(calls % 1 === 0 ? 0 : 2),
    better: "more",
  },
  {
    name: "not ok",
    about: "calls that did not end ok",
    value: ({ errors }) => errors,
    format: formatCount,
    better: "less",
  },
  {
    name: "at once",
    about: "the most calls that ran at the same time",
    value: ({ maxOverlap }) => maxOverlap,
    format: formatCount,
    better: "neither",
  },
  {
    name: "retries",
    about: "attempts after a failed one",
    value: ({ retries }) => retries || undefined,
    format: formatCount,
    better: "less",
  },
  {
    name: "hedges",
    about: "attempts beside a slow one",
    value: ({ hedges }) => hedges || undefined,
    format: formatCount,
    better: "neither",
  },
  {
    name: "tokens in",
    about: "input tokens of all turns",
    value: ({ inputTokens }) => inputTokens || undefined,
    format: formatCount,
    better: "less",
  },
  {
    name: "not sent",
    about: "input tokens that one call per turn would have sent more, at least",
    value: ({ savedInputTokens }) => savedInputTokens || undefined,
    format: formatCount,
    better: "more",
  },
  {
    name: "out",
    about: "output tokens of all turns",
    value: ({ outputTokens }) => outputTokens || undefined,
    format: formatCount,
    better: "less",
  },
];

/** Shows the numbers. */
export function FigureBar({ traces }: { readonly traces: readonly OpenedTrace[] }) {
  const [first, second] = traces;
  if (first === undefined) return null;
  const one = first.figures.value;
  if (second !== undefined)
    return (
      <>
        <FigureTable names={[first.feed.name, second.feed.name]} one={one} two={second.figures.value} />
        <PathLines traces={traces} />
      </>
    );
  return (
    <>
      <dl class="figures">
        {KINDS.map(({ name, about, value, format }) => {
          const number = value(one);
          if (number === undefined) return null;
          const part =
            name === "saved" && one.oneByOneMs > 0 ? ` ${formatPercent(one.savedMs / one.oneByOneMs)}` : "";
          return (
            <Figure key={name} name={name} about={about} isBad={name === "not ok" && number > 0}>
              {format(number)}
              {part !== "" && <small>{part}</small>}
            </Figure>
          );
        })}
      </dl>
      <PathLines traces={traces} />
    </>
  );
}

interface FigureOptions {
  readonly name: string;
  readonly about: string;
  readonly isBad: boolean;
  readonly children: ComponentChildren;
}

function Figure({ name, about, isBad, children }: FigureOptions) {
  return (
    <div class={`figure${isBad ? " is-bad" : ""}`} title={about}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface FigureTableOptions {
  readonly names: readonly [string, string];
  readonly one: Figures;
  readonly two: Figures;
}

function FigureTable({ names, one, two }: FigureTableOptions) {
  const shown = KINDS.filter(({ value }) => value(one) !== undefined || value(two) !== undefined);
  return (
    <div class="compare-frame">
      <table class="compare">
        <thead>
          <tr>
            <th />
            {shown.map(({ name, about }) => (
              <th key={name} title={about} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[one, two].map((figures, i) => (
            <tr key={i}>
              <th scope="row">{names[i]}</th>
              {shown.map(({ name, value, format }) => (
                <td key={name}>{format(value(figures) ?? 0)}</td>
              ))}
            </tr>
          ))}
          <tr class="differences">
            <th scope="row">difference</th>
            {shown.map((kind) => (
              <Difference
                key={kind.name}
                kind={kind}
                by={(kind.value(two) ?? 0) - (kind.value(one) ?? 0)}
                of={kind.value(one) ?? 0}
              />
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Difference({
  kind,
  by,
  of,
}: {
  readonly kind: FigureKind;
  readonly by: number;
  readonly of: number;
}) {
  if (Math.abs(by) < 0.5) return <td>=</td>;
  const isBetter = kind.better === "neither" ? undefined : (kind.better === "less") === by < 0;
  const verdict = isBetter === undefined ? "" : isBetter ? "better" : "worse";
  const part = of === 0 ? "" : ` ${by < 0 ? "−" : "+"}${formatPercent(Math.abs(by / of))}`;
  return (
    <td class={verdict} title={verdict === "" ? undefined : `${verdict}${part}`}>
      {by < 0 ? "−" : "+"}
      {kind.format(Math.abs(by))}
    </td>
  );
}
