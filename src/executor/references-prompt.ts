/**
 * The words that explain references to a model. They have a version, so that figures can be compared, and are the same byte for
 * byte each time, so that the provider's prompt cache stays warm; and the same for all providers, since no guide of theirs asks for
 * another form.
 */
import { oneOf } from "../core/options.ts";
import type { ReferenceMode } from "../core/reference.ts";

/** A text for the system prompt, and what it is called where figures are kept: `references/exact/1`. */
export interface ReferencesPrompt {
  readonly id: string;
  readonly text: string;
}

const BEGINNING =
  "# Values from other calls\n\n" +
  "The calls of one response are numbered from 1 as you write them; those inside one call, from 1 again unless they have ids. If an input needs a value " +
  'that another call of the same response returns, do not wait a turn: make both calls, and write the value as "$N.path", N being ' +
  'the other call\'s number. If call 1 finds a customer, call 2 can take {"city": "$1.address.city"}. It becomes the value, with ' +
  'its type. Steps are .name, [0] or ["any key"]; "$1" is the whole result.';

const WITHIN_TEXTS = ' It also works within a text: "Weather in $1.address.city".';

const RULES =
  "\n" +
  "- Use it only where you know the fields of that result; it is no placeholder and no guess.\n" +
  "- Do not use it for values you know, or calls of earlier responses.\n" +
  "- If the other call fails, yours is skipped.\n" +
  '- A text that only looks like it gets one more dollar: "$$5" means "$5".';

const TEXTS = {
  exact: { version: 1, text: BEGINNING + RULES },
  template: { version: 1, text: BEGINNING + WITHIN_TEXTS + RULES },
} as const;

/**
 * What a model is told of references: `runAgent` puts it into the system prompt, and so does a loop of one's own, with
 * `executor.references` as the mode.
 *
 * @throws TypeError when references are off
 */
export function referencesPrompt(mode: ReferenceMode | undefined): ReferencesPrompt {
  if (mode === undefined)
    throw new TypeError("`referencesPrompt` has nothing to say: `references` of the executor is off");
  const name = oneOf("mode", ["exact", "template"], mode);
  const { version, text } = TEXTS[name];
  return { id: `references/${name}/${version}`, text };
}
