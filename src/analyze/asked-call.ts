/** What a call asks for, place by place: commands and statements are taken apart. */
import { isComment } from "./reactions.ts";
import { scalarsIn, type Scalar } from "./scalars.ts";
import type { SessionCall } from "./session.ts";
import { wordsOfCommand } from "./shell-command.ts";
import { statementIn, wordsOfStatement } from "./sql.ts";
import { foldValue } from "./terms.ts";
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
  /** All of it, in order, but for comments. */
  readonly values: readonly CallValue[];
}

/** The one thing in which a call differs from an earlier one. */
export interface Change {
  readonly earlier: AskedCall;
  readonly from: CallValue;
  readonly to: CallValue;
}

/** Takes a call apart. */
export function askedCall(call: SessionCall, turn: number): AskedCall {
  const values = scalarsIn(call.input)
    .filter(({ key }) => !isComment(key))
    .flatMap((scalar) => takenApart(scalar, call))
    .map((value) => ({ ...value, folded: foldValue(String(value.value)) }));
  return { call, turn, values };
}

/** What differs between two calls of one tool, if it is one value, as often as it stands in them. */
export function changeBetween(earlier: AskedCall, later: AskedCall): Change | undefined {
  if (earlier.call.name !== later.call.name || earlier.values.length !== later.values.length)
    return undefined;
  let change: Change | undefined;
  for (const [i, to] of later.values.entries()) {
    const from = earlier.values[i] as CallValue;
    if (from.path !== to.path || typeof from.value !== typeof to.value) return undefined;
    if (from.value === to.value) continue;
    if (change !== undefined && (change.from.value !== from.value || change.to.value !== to.value))
      return undefined;
    change ??= { earlier, from, to };
  }
  return change;
}

function takenApart(scalar: Scalar, call: SessionCall): readonly Scalar[] {
  const { key, path, value } = scalar;
  const command = /^(command|cmd|script)$/.test(key) ? commandOf(call) : undefined;
  const statement = typeof value === "string" ? statementIn(key, value, call.name) : undefined;
  if (command === undefined && statement === undefined) return [scalar];
  const words = command === undefined ? wordsOfStatement(statement ?? "") : wordsOfCommand(command);
  return words.map((word, i) => ({ key, path: `${path} ${i}`, value: word }));
}
