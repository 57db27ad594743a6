/**
 * The report as one page that needs nothing else: bars are boxes of CSS, so that no library, no script and no drawing is
 * needed. All that comes from a history is text: hono's template escapes it, and the page's policy lets nothing run or load.
 */
import { html } from "hono/html";
import type { Analysis, MissedChain } from "../../analyze/analysis.ts";
import type { Session } from "../../analyze/session.ts";
import { createKindOf, type ToolKinds } from "../../analyze/tool-kind.ts";
import { describeCall } from "../call-words.ts";
import { formatCount, formatMs, formatPlural } from "../../trace/format.ts";
import { oneLine } from "../format.ts";
import { evidenceLines } from "./evidence-words.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { bar, table, type Markup } from "./page-parts.ts";
import { renderTimeline } from "./page-timeline.ts";
import { HOW_IT_IS_JUDGED, tellReachable, tellSavings, tellShare } from "./sentences.ts";

/** What a page is made of. */
export interface PageContent {
  readonly analysis: Analysis;
  readonly sessions: readonly Session[];
  /** What reading the files had to leave out. */
  readonly notes: readonly string[];
  /** What the sessions were analysed with. */
  readonly kinds: ToolKinds;
}

/** Sessions whose turns are drawn: those with most to gain. */
const MAX_TIMELINES = 20;

/** The page, as HTML. */
export async function renderPage({ analysis, sessions, notes, kinds }: PageContent): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Calls per turn</title>
        <style>
          ${PAGE_STYLE}
        </style>
      </head>
      <body>
        <main>
          ${head(analysis)} ${widths(analysis)} ${missed(analysis)}
          ${timelines(analysis, { sessions, kinds })} ${duplicates(analysis)} ${biggest(analysis)}
          ${tools(analysis)} ${sessionTable(analysis)}
          <footer>
            ${notes.map((note) => html`<p>Note: ${oneLine(note)}.</p>`)} ${unknown(analysis)}
            <p>${HOW_IT_IS_JUDGED}</p>
          </footer>
        </main>
      </body>
    </html>`;
  return `${page.toString()}\n`;
}

function head(analysis: Analysis): Markup {
  const { sessions, turns, calls, callsPerTurn, reachable, saved, toolTurns } = analysis;
  const figures: readonly (readonly [string, string])[] = [
    [callsPerTurn.toFixed(2), "calls per turn that makes calls"],
    [reachable.likely.toFixed(2), "it could have been"],
    [formatCount(saved.all.roundTrips), "round trips less"],
    [formatCount(saved.all.inputTokens), "input tokens less"],
    ...(saved.all.ms === undefined ? [] : [[formatMs(saved.all.ms), "of waiting less, at most"] as const]),
  ];
  const counts = [
    formatPlural(sessions.length, "session"),
    formatPlural(turns, "turn"),
    formatPlural(calls, "call"),
  ];
  return html`<header>
    <h1>Calls per turn</h1>
    <p class="dim">${counts.join(" · ")}</p>
    ${
      toolTurns === 0
        ? html`<p>No turn makes a call: there is nothing to tell.</p>`
        : html`<dl class="figures">
              ${figures.map(
                ([figure, what]) =>
                  html`<div>
                    <dt>${what}</dt>
                    <dd>${figure}</dd>
                  </div>`,
              )}
            </dl>
            <p>${tellReachable(analysis)}</p>`
    }
  </header>`;
}

function widths({ widths: all, toolTurns }: Analysis): Markup {
  if (all.length === 0) return "";
  const most = Math.max(...all.map(({ turns }) => turns));
  return html`<section>
    <h2>How many calls a turn makes</h2>
    ${table(
      ["calls", "", "turns"],
      all.map(({ width, turns }) => [
        formatCount(width),
        bar(turns / most),
        `${formatCount(turns)} (${tellShare(turns / toolTurns)})`,
      ]),
    )}
  </section>`;
}

function missed({ missed: chains, saved }: Analysis): Markup {
  if (chains.length === 0) return "";
  return html`<section>
    <h2>Could have been asked together</h2>
    <p>${tellSavings(saved.all)}</p>
    ${chains.toSorted((a, b) => b.saved.roundTrips - a.saved.roundTrips).map(chainOf)}
  </section>`;
}

function chainOf({ session, certainty, turns, saved }: MissedChain): Markup {
  const facts = [
    formatPlural(saved.roundTrips, "round trip"),
    `${formatCount(saved.inputTokens)} input tokens`,
  ];
  return html`<article>
    <h3>
      ${oneLine(session)}, turns ${turns[0]?.turn} to ${turns.at(-1)?.turn}
      <span class="${certainty}">${certainty}</span> <small>${facts.join(", ")}</small>
    </h3>
    <ol>
      ${turns.map(
        (turn) =>
          html`<li value="${turn.turn}">
            ${turn.calls.map((call) => html`<div><code>${describeCall(call)}</code></div>`)}
            ${evidenceLines(turn).map((line) => html`<div class="dim">${line}</div>`)}
          </li>`,
      )}
    </ol>
  </article>`;
}

function timelines(
  { missed: chains, sessions: figures }: Analysis,
  { sessions, kinds }: Pick<PageContent, "sessions" | "kinds">,
): Markup {
  const kindOf = createKindOf(kinds);
  const shown = sessions
    .map((session, i) => ({ session, gain: figures[i]?.roundTrips ?? 0 }))
    .filter(({ session }) => session.turns.some(({ calls }) => calls.length > 0))
    .toSorted((a, b) => b.gain - a.gain)
    .slice(0, MAX_TIMELINES);
  if (shown.length === 0) return "";
  return html`<section>
    <h2>Turn by turn</h2>
    <p class="dim">
      A box is a turn, a block in it a call: <i class="call read"></i> one that reads,
      <i class="call write"></i> one that may write, <i class="call failed"></i> one that failed. What is
      framed could have been one turn; a line is where somebody spoke.
    </p>
    ${shown.map(({ session }) =>
      renderTimeline(session, { chains: chains.filter((one) => one.session === session.name), kindOf }),
    )}
  </section>`;
}

function duplicates({ duplicates: all }: Analysis): Markup {
  if (all.length === 0) return "";
  return html`<section>
    <h2>Asked again, with nothing written in between</h2>
    ${table(
      ["call", "session", "turns", "same result"],
      all.map(({ call, session, turns, sameResults }) => [
        html`<code>${describeCall(call)}</code>`,
        oneLine(session),
        turns.join(", "),
        formatCount(sameResults),
      ]),
    )}
  </section>`;
}

function biggest({ biggest: all }: Analysis): Markup {
  if (all.length === 0) return "";
  const most = Math.max(...all.map(({ tokens }) => tokens));
  return html`<section>
    <h2>Biggest results</h2>
    ${table(
      ["call", "turn", "", "tokens, estimated"],
      all.map(({ call, session, turn, tokens }) => [
        html`<code>${describeCall(call)}</code>`,
        `${oneLine(session)}, ${turn}`,
        bar(tokens / most),
        formatCount(tokens),
      ]),
    )}
  </section>`;
}

function tools({ tools: all }: Analysis): Markup {
  if (all.length === 0) return "";
  return html`<section>
    <h2>Tools</h2>
    ${table(
      ["tool", "calls", "taken for reads", "errors", "result tokens", "average"],
      all.map(({ name, calls, reads, errors, resultTokens, averageMs }) => [
        oneLine(name),
        formatCount(calls),
        formatCount(reads),
        formatCount(errors),
        formatCount(resultTokens),
        averageMs === undefined ? "" : formatMs(averageMs),
      ]),
    )}
  </section>`;
}

function sessionTable({ sessions: all }: Analysis): Markup {
  return html`<section>
    <h2>Sessions</h2>
    ${table(
      ["session", "format", "turns", "calls", "per turn", "could be", "tokens in"],
      all.map((one) => [
        oneLine(one.name),
        one.source,
        formatCount(one.turns),
        formatCount(one.calls),
        one.callsPerTurn.toFixed(2),
        one.reachable.toFixed(2),
        one.inputTokens === undefined ? "" : formatCount(one.inputTokens),
      ]),
    )}
  </section>`;
}

function unknown({ unknownCalls }: Analysis): Markup {
  return unknownCalls === 0
    ? ""
    : html`<p>Of ${formatPlural(unknownCalls, "call")} the input or the result was not recorded.</p>`;
}
