/** What a call asks for, value by value: commands and statements are taken apart. */
import { isComment } from "./reactions.ts";
import { scalarsIn, type Scalar } from "./scalars.ts";
import type { SessionCall } from "./session.ts";
import { wordsOfCommand } from "./shell-command.ts";
import { statementIn, wordsOfStatement } from "./sql.ts";
import { foldValue, isNumber } from "./terms.ts";
import { commandOf } from "./tool-kind.ts";

/** A value of a call. */
export interface CallValue extends Scalar {
  /** As it is searched. */
  readonly folded: string;
}

/** A call, taken apart. */
export interface AskedCall {
  readonly call: SessionCall;
  /** The turn that made it, from 0. */
  readonly turn: number;
  /**
   * Calls of one shape ask the same kind of thing: of the same tool, with the same keys; of a shell, with the same programs and
   * options; in the same statement but for its names and literals.
   */
  readonly shape: string;
  /** Without what says nothing: comments, and how much is wanted or how. */
  readonly values: readonly CallValue[];
  /** How much is wanted, or how. */
  readonly settings: readonly CallValue[];
}

/** Keys that say how much is wanted at most, how long it may take, or how it is to be shown. */
const SETTING =
  /^(limit|top_?k|head_limit|page_?size|per_?page|timeout([-_A-Z].*)?|yield_time_ms|(max|num)_?(results|tokens|output_tokens|lines|chars|characters|length)|verbose|format|output_?mode|encoding|-[a-zA-Z])$/i;

/** What asks whether there is something, how much, or whether it is done: what comes next depends on that. */
const PROBE =
  /(^|_)(status|check|exists?|validate|verify|is|has|can|ping|health|progress|availability|available|count|describe|schema|columns|help)(_|$)/;
const PROBING = /(^| )(wc|ls|stat|file|test|which|type|du|find|df)( |$)/;

/** Whether a call asks whether there is anything to ask for. */
export function isProbe({ call, shape }: AskedCall): boolean {
  if (commandOf(call) !== undefined) return PROBING.test(shape.slice(call.name.length));
  return PROBE.test(
    call.name
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .replaceAll("-", "_")
      .toLowerCase(),
  );
}

/** Takes a call apart. */
export function askedCall(call: SessionCall, turn: number): AskedCall {
  const values: CallValue[] = [];
  const settings: CallValue[] = [];
  const shape = new Set<string>();
  for (const scalar of scalarsIn(call.input)) {
    if (isComment(scalar.key)) continue;
    const folded = foldValue(String(scalar.value));
    if (isSetting(scalar, folded)) settings.push({ ...scalar, folded });
    else {
      const taken = takenApart(scalar, call);
      shape.add(taken.shape);
      for (const value of taken.values) {
        const one = { ...scalar, value, folded: foldValue(String(value)) };
        if (one.folded !== "") values.push(one);
      }
    }
  }
  return { call, turn, shape: [call.name, ...[...shape].toSorted()].join(" "), values, settings };
}

/** A value with where it stands; of a command or a statement its values, with what is around them. */
function takenApart(
  { key, path, value }: Scalar,
  call: SessionCall,
): { readonly shape: string; readonly values: readonly Scalar["value"][] } {
  const command = /^(command|cmd|script)$/.test(key) ? commandOf(call) : undefined;
  if (command !== undefined) {
    const words = wordsOfCommand(command);
    // A list of words is one command: its words stand with the first of them.
    return { shape: words.frame, values: value === firstWord(call, key) ? words.values : [] };
  }
  const statement = typeof value === "string" ? statementIn(key, value, call.name) : undefined;
  if (statement === undefined) return { shape: path, values: [value] };
  const words = wordsOfStatement(statement);
  return { shape: `${path} ${words.frame}`, values: words.values };
}

function firstWord({ input }: SessionCall, key: string): unknown {
  const command = (input as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(command) ? command[0] : command;
}

function isSetting({ key, value }: Scalar, folded: string): boolean {
  if (!SETTING.test(key)) return false;
  return (
    typeof value === "boolean" || isNumber(folded) || /^(verbose|format|output_?mode|encoding)$/i.test(key)
  );
}
