/**
 * What becomes of a call before it is in line: its tool is found, its arguments are parsed and checked, its effects are
 * resolved. Whatever is wrong with it fails this call alone (G2), and it never runs.
 */
import type { CallRequest } from "./call.ts";
import { resolveEffects, STATIC_EFFECTS, type ResolvedEffects } from "./effects.ts";
import {
  invalidEffects,
  invalidInput,
  invalidJson,
  truncated,
  unknownTool,
  type Failure,
} from "./failure.ts";
import { show } from "./options.ts";
import type { Checked } from "./schema.ts";
import { textOf } from "./thrown.ts";
import type { Tool } from "./tool.ts";

/** A call that may run, or how it failed. */
export type Prepared =
  | { readonly ok: true; readonly input: unknown; readonly effects: ResolvedEffects }
  | { readonly ok: false; readonly failure: Failure };

/** The arguments of a call: parsed if they are JSON, else the text. An empty text, or nothing at all, stands for `{}`. */
export function inputOf({ input, inputText }: CallRequest): unknown {
  if (inputText === undefined) return input === undefined ? {} : input;
  const parsed = parse(inputText);
  return parsed.ok ? parsed.value : inputText;
}

/**
 * Finds out whether and how a call may run; in place of a tool there are the names of those there are. A promise only where
 * the tool's validator gives one.
 */
export function prepare(
  request: CallRequest,
  input: unknown,
  tool: Tool | readonly string[],
): Prepared | Promise<Prepared> {
  if (request.truncated === true) return { ok: false, failure: truncated() };
  if (!("checkInput" in tool)) {
    const { name } = request;
    return { ok: false, failure: unknownTool(typeof name === "string" ? name : show(name), tool) };
  }
  if (request.inputText !== undefined && input === request.inputText) {
    const parsed = parse(request.inputText);
    if (!parsed.ok) return { ok: false, failure: invalidJson(parsed.cause) };
  }
  try {
    const checked = tool.checkInput(input);
    if (!(checked instanceof Promise)) return withEffects(tool, checked);
    return checked.then((result) => withEffects(tool, result)).catch(validatorFailed);
  } catch (cause) {
    return validatorFailed(cause);
  }
}

/** What a call of the tool would have touched, as far as that is known without a valid input. */
export function effectsWithoutInput(tool: Tool | undefined): ResolvedEffects {
  return typeof tool?.effects === "string" ? STATIC_EFFECTS[tool.effects] : STATIC_EFFECTS.none;
}

function withEffects(tool: Tool, checked: Checked): Prepared {
  if (!checked.ok) return { ok: false, failure: invalidInput(checked.message) };
  const { value } = checked;
  try {
    return { ok: true, input: value, effects: resolveEffects(tool.effects, value as never) };
  } catch (cause) {
    const message = `the effects of \`${tool.name}\` are unknown: ${textOf(cause, "they failed without a message")}`;
    return { ok: false, failure: invalidEffects(message, cause) };
  }
}

function validatorFailed(cause: unknown): Prepared {
  const message = `the input could not be checked: ${textOf(cause, "the check failed without a message")}`;
  return { ok: false, failure: invalidInput(message, cause) };
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; cause: unknown } {
  if (text === "") return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (cause) {
    return { ok: false, cause };
  }
}
