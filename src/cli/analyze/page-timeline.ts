/** A session's turns in a row: a box each, with a block for each call, and a frame around what could have been one turn. */
import { html } from "hono/html";
import type { MissedChain } from "../../analyze/analysis.ts";
import { spanOf } from "../../analyze/savings.ts";
import type { Session, SessionCall, SessionTurn } from "../../analyze/session.ts";
import { describeCall } from "../call-words.ts";
import { formatMs } from "../../trace/format.ts";
import { oneLine } from "../format.ts";
import type { Markup } from "./page-parts.ts";

/** More turns than anybody looks at. */
const MAX_TURNS = 400;

/** What is shown of turns and calls. */
export interface Drawn {
  /** The chains of the session. */
  readonly chains: readonly MissedChain[];
  readonly kindOf: (call: SessionCall) => "read" | "write";
}

/** Draws a session. */
export function renderTimeline({ name, turns }: Session, { chains, kindOf }: Drawn): Markup {
  const shown = turns.slice(0, MAX_TURNS);
  const drawn: Markup[] = [];
  for (let i = 0; i < shown.length; i++) {
    const turn = shown[i] as SessionTurn;
    if (i > 0 && turn.said.length > 0) drawn.push(html`<hr />`);
    const chain = chains.find((one) => one.turns[0]?.turn === i + 1);
    if (chain === undefined) drawn.push(box(turn, i, kindOf));
    else {
      const members = shown.slice(i, i + chain.turns.length);
      const boxes = members.map((member, at) => box(member, i + at, kindOf));
      drawn.push(html`<div class="chain ${chain.certainty}" title="${chain.certainty}">${boxes}</div>`);
      i += members.length - 1;
    }
  }
  const rest = turns.length - shown.length;
  return html`<h3>${oneLine(name)}</h3>
    <div class="timeline">${drawn}</div>
    ${rest > 0 ? html`<p class="dim">and ${rest} more turns</p>` : ""}`;
}

function box(turn: SessionTurn, i: number, kindOf: Drawn["kindOf"]): Markup {
  const ms = spanOf(turn);
  const title = `turn ${i + 1}${ms === undefined ? "" : `, the model took ${formatMs(ms)}`}`;
  return html`<div class="turn" title="${title}">
    <small>${i + 1}</small>${turn.calls.map((call) => block(call, kindOf))}
  </div>`;
}

function block(call: SessionCall, kindOf: Drawn["kindOf"]): Markup {
  const kind = call.isError ? "failed" : kindOf(call);
  return html`<i class="call ${kind}" title="${describeCall(call)}"></i>`;
}
