/**
 * What becomes of a call before it is in line: its tool is found, its arguments are parsed and checked, its effects are
 * resolved. Whatever is wrong with it fails this call alone (G2), and it never runs.
 */
import type { CallRequest } from "./call-request.ts";
import { expectedEffects } from "./expected-effects.ts";
import { resolveEffects, STATIC_EFFECTS, type ResolvedEffects } from "./effects.ts";
import {
  invalidEffects,
  invalidInput,
  invalidJson,
  truncated,
  unknownTool,
  type Failure,
} from "./failure.ts";
import { show, stringList } from "./options.ts";
import { findReferences, replaceReferences, type Grammar, type Reference } from "./reference.ts";
import type { Checked } from "./schema.ts";
import { dropRejection, textOf } from "./thrown.ts";
import type { Tool } from "./tool.ts";
import type { Incomplete } from "./unresolved.ts";

/** A call that may run. */
export interface Ready {
  readonly ok: true;
  readonly input: unknown;
  readonly effects: ResolvedEffects;
  readonly pools: readonly string[];
  readonly gated: boolean;
  /** What its input lacks: `input` is not known then, nor `pools`; it may be gated, and touch `effects`. */
  readonly incomplete?: Incomplete | undefined;
}

/** A call that may run, or how it failed. */
export type Prepared = Ready | { readonly ok: false; readonly failure: Failure };

/** The arguments of a call: parsed if they are JSON, else the text. An empty text, or nothing at all, stands for `{}`. */
export function inputOf({ input, inputText }: CallRequest): unknown {
  if (inputText === undefined) return input === undefined ? {} : input;
  const parsed = parse(inputText);
  return parsed.ok ? parsed.value : inputText;
}

/** What a call is prepared with: its tool, or the names of those there are, and which references its input may hold. */
export interface Kit {
  readonly tool: Tool | readonly string[];
  readonly grammar: Grammar | undefined;
}

/** Finds out whether and how a call may run. A promise only where the tool's validator gives one. */
export function prepare(
  request: CallRequest,
  written: unknown,
  { tool, grammar }: Kit,
): Prepared | Promise<Prepared> {
  if (request.truncated === true) return { ok: false, failure: truncated() };
  if (!("checkInput" in tool)) {
    const { name } = request;
    return { ok: false, failure: unknownTool(typeof name === "string" ? name : show(name), tool) };
  }
  if (request.inputText !== undefined && written === request.inputText) {
    const parsed = parse(request.inputText);
    if (!parsed.ok) return { ok: false, failure: invalidJson(parsed.cause) };
  }
  try {
    const references = grammar === undefined ? NO_REFERENCES : findReferences(written, grammar);
    if (grammar !== undefined && references.length > 0)
      return expected(tool, { input: written, grammar, references });
    // There may be texts that only look like references.
    const input = grammar === undefined ? written : replaceReferences(written, grammar, () => undefined);
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

/** What a call of the tool has touched that was run before, as far as it can be told. */
export function knownEffects(tool: Tool | undefined, input: unknown): ResolvedEffects {
  if (tool === undefined) return STATIC_EFFECTS.none;
  try {
    const checked = tool.checkInput(input);
    dropRejection(checked);
    if (!(checked instanceof Promise) && checked.ok)
      return resolveEffects(tool.effects, checked.value as never);
  } catch {
    // It cannot be told any more.
  }
  return effectsWithoutInput(tool);
}

const NO_REFERENCES: readonly Reference[] = [];

/** What can be told of a call before its input is whole. */
function expected(tool: Tool, incomplete: Incomplete): Prepared {
  const effects = expectedEffects(tool, incomplete.input, incomplete.grammar);
  const gated = tool.needsApproval !== false;
  return { ok: true, input: incomplete.input, effects, pools: [], gated, incomplete };
}

function withEffects(tool: Tool, checked: Checked): Prepared {
  if (!checked.ok) return { ok: false, failure: invalidInput(checked.message) };
  const input = checked.value;
  let part = "effects";
  try {
    const effects = resolveEffects(tool.effects, input as never);
    part = "pools";
    const pools = typeof tool.pools === "function" ? poolsFor(tool.pools(input as never)) : tool.pools;
    return { ok: true, input, effects, pools, gated: needsApproval(tool, input) };
  } catch (cause) {
    const message = `the ${part} of \`${tool.name}\` are unknown: ${textOf(cause, "they failed without a message")}`;
    return { ok: false, failure: invalidEffects(message, cause) };
  }
}

function poolsFor(names: unknown): readonly string[] {
  dropRejection(names);
  return [...new Set(stringList("pools", names))];
}

function needsApproval({ needsApproval: needs }: Tool, input: unknown): boolean {
  if (typeof needs === "boolean") return needs;
  try {
    const needed: unknown = needs(input as never);
    dropRejection(needed);
    return needed !== false;
  } catch {
    return true;
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
