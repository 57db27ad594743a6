/**
 * The system prompt of a run: the user's, then what the run adds to it. Nothing in it changes from turn to turn, so that the
 * provider's prompt cache stays warm.
 */
import { referencesPrompt } from "../executor/references-prompt.ts";
import { nudgeText } from "./nudge.ts";
import type { ResolvedRun } from "./run-options.ts";

/** The whole; undefined if nothing is to be said. The nudges per turn have no place there. */
export function systemPrompt<Message>(run: ResolvedRun<Message>): string | undefined {
  const { nudge, references } = textsOf(run);
  const texts = [run.system, references?.text, run.nudge === "per-turn" ? undefined : nudge?.text];
  const said = texts.filter((text) => text !== undefined);
  return said.length === 0 ? undefined : said.join("\n\n");
}

/** What the run adds to what the model reads, by name. */
export function promptIds<Message>(run: ResolvedRun<Message>): {
  readonly nudge?: string;
  readonly references?: string;
} {
  const { nudge, references } = textsOf(run);
  return { ...(nudge && { nudge: nudge.id }), ...(references && { references: references.id }) };
}

function textsOf<Message>({ nudge, references, model }: ResolvedRun<Message>) {
  return {
    nudge: nudge && nudgeText(model.wire.name, nudge, { references }),
    references: references && referencesPrompt(references),
  };
}
