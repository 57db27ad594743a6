/** Random answers, in the ways in which Google and its proxies write them: streamed or whole, they read the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { GeminiPart, GeminiPartialArg, GeminiResponse } from "../../../src/wire/gemini/protocol.ts";
import { gemini } from "../../../src/wire/gemini/wire.ts";
import { call, chunk, finish, stream } from "../../support/gemini-chunks.ts";

/** How a server streams. */
interface Style {
  /** Whether calls come whole or in pieces. */
  readonly calls: "whole" | "pieces";
  /** What the last piece of a call is: an empty part, or the last of its arguments. */
  readonly end: "an empty part" | "the last argument";
  /** Whether the reason comes with the last part, or behind it with an empty text. */
  readonly reason: "with the last" | "behind it";
}

type Answer = { readonly parts: readonly GeminiPart[]; readonly reason: string };

const text = fc.string({ unit: "binary" });
const plain = { noNullPrototype: true };
const sign = fc.option(fc.constantFrom("c2ln", "bmVk"), { nil: undefined });
// By way of JSON, which knows no -0.
const args = fc
  .dictionary(text, fc.jsonValue({ noUnicodeString: false }), plain)
  .map((some) => JSON.parse(JSON.stringify(some)) as Record<string, unknown>);
const part: fc.Arbitrary<GeminiPart> = fc.oneof(
  fc.record({ text }, plain),
  fc.record({ text, thought: fc.constant(true) }, plain),
  fc.record({ text, thoughtSignature: fc.constant("c2ln") }, plain),
  fc.constant({ executableCode: { code: "1 + 1" } } as GeminiPart),
  fc
    .record({ name: fc.constantFrom("get", "put"), args, hasId: fc.boolean(), sign })
    .map((one) =>
      call(one.name, one.args, { ...(one.hasId && { id: "id" }), ...(one.sign && { sign: one.sign }) }),
    ),
);
const answer: fc.Arbitrary<Answer> = fc
  .record({
    parts: fc.array(part, { minLength: 1, maxLength: 7 }),
    reason: fc.constantFrom("STOP", "MAX_TOKENS", "SAFETY", "OTHER", "TOMORROW"),
  })
  .filter(({ parts }) => parts.some((one) => one.thought !== true && (one.text ?? "code") !== ""))
  .map(({ parts, reason }) => ({ parts: parts.map(withOwnId), reason }));
const style: fc.Arbitrary<Style> = fc.record({
  calls: fc.constantFrom<Style["calls"]>("whole", "pieces"),
  end: fc.constantFrom<Style["end"]>("an empty part", "the last argument"),
  reason: fc.constantFrom<Style["reason"]>("with the last", "behind it"),
});
const sizes = fc.infiniteStream(fc.nat(9));

test("G8: random answers read the same streamed, in any style, as whole", () => {
  fc.assert(
    fc.property(answer, style, sizes, (answer, style, sizes) => {
      const { push, finish: end } = stream();
      const committed = push(...streamed(answer, style, sizes));
      const turn = end();
      const whole = gemini.read(finish(answer.reason, ...answer.parts));
      assert.deepEqual(turn, whole);
      assert.equal(JSON.stringify(turn.messages), JSON.stringify(whole.messages));
      assert.deepEqual(
        committed,
        turn.calls.filter(({ truncated }) => truncated !== true),
      );
    }),
    { numRuns: 2_000 },
  );
});

test("G9: random streams that break off anywhere commit a prefix of the calls", () => {
  fc.assert(
    fc.property(answer, style, fc.tuple(sizes, fc.nat()), (answer, style, [sizes, seed]) => {
      const chunks = streamed(answer, style, sizes);
      const { push, finish: end, committed } = stream();
      const out = push(...chunks.slice(0, seed % chunks.length));
      const { calls, stop } = end();
      assert.equal(stop, "truncated");
      assert.deepEqual(calls.slice(0, out.length), out);
      assert.ok(calls.slice(out.length).every(({ truncated }) => truncated === true));
      assert.deepEqual(committed().calls, out);
      assert.deepEqual(out, gemini.read(finish("STOP", ...answer.parts)).calls.slice(0, out.length));
    }),
    { numRuns: 2_000 },
  );
});

/** What has the id of another call, and says the same, would be its echo. */
function withOwnId(one: GeminiPart, i: number): GeminiPart {
  if (one.functionCall?.id === undefined) return one;
  return { ...one, functionCall: { ...one.functionCall, id: `id_${i}` } };
}

function streamed({ parts, reason }: Answer, style: Style, sizes: Iterator<number>): GeminiResponse[] {
  const groups = group(
    parts.flatMap((one) => pieces(one, style, sizes)),
    sizes,
  );
  if (style.reason === "behind it")
    return [...groups.map((one) => chunk(...one)), finish(reason, { text: "" })];
  return [...groups.slice(0, -1).map((one) => chunk(...one)), finish(reason, ...(groups.at(-1) ?? []))];
}

/** A part as it is streamed: text in pieces unless it is signed, a call whole or not. */
function pieces(one: GeminiPart, style: Style, sizes: Iterator<number>): GeminiPart[] {
  const { functionCall: made, text, thoughtSignature: signature } = one;
  if (text !== undefined && signature === undefined)
    return cut(text, sizes).map((text) => ({ ...one, text }));
  if (made === undefined || style.calls === "whole") return [one];
  const { args = {}, ...begin } = made;
  const more = Object.entries(args).flatMap(([key, value]): object[] =>
    // There is no piece that is an empty object or list.
    JSON.stringify(value).match(/\{\}|\[\]/) === null
      ? partials([key], value, sizes).map((partial) => ({ partialArgs: [partial] }))
      : [{ args: { [key]: value } }],
  );
  const all: object[] = [begin, ...more, ...(style.end === "an empty part" || more.length === 0 ? [{}] : [])];
  return all.map((functionCall, i) => ({
    ...one,
    functionCall: { ...functionCall, ...(i < all.length - 1 && { willContinue: true }) },
    ...(i > 0 && { thoughtSignature: undefined }),
  })) as GeminiPart[];
}

/** The leaves of a value, each with its path. */
function partials(
  keys: readonly (string | number)[],
  value: unknown,
  sizes: Iterator<number>,
): GeminiPartialArg[] {
  const jsonPath = `$${keys.map(segment).join("")}`;
  if (value === null) return [{ jsonPath, nullValue: "NULL_VALUE" }];
  if (typeof value === "number") return [{ jsonPath, numberValue: value }];
  if (typeof value === "boolean") return [{ jsonPath, boolValue: value }];
  if (typeof value === "string") {
    const strings = [...cut(value, sizes), ""];
    return strings.map((stringValue, i) => ({
      jsonPath,
      stringValue,
      ...(i < strings.length - 1 && { willContinue: true }),
    }));
  }
  const isList = Array.isArray(value);
  return Object.entries(value as object).flatMap(([key, inner]) =>
    partials([...keys, isList ? Number(key) : key], inner, sizes),
  );
}

function segment(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  if (/^\w+$/.test(key)) return `.${key}`;
  return `['${JSON.stringify(key).slice(1, -1).replaceAll("'", "\\'").replaceAll('\\"', '"')}']`;
}

/** The text in pieces; never inside a character. */
function cut(text: string, sizes: Iterator<number>): string[] {
  const characters = Array.from(text);
  const parts: string[] = [];
  while (characters.length > 0) parts.push(characters.splice(0, 1 + size(sizes)).join(""));
  return parts;
}

/** The parts, some to a chunk. */
function group<Item>(items: readonly Item[], sizes: Iterator<number>): Item[][] {
  const rest = [...items];
  const groups: Item[][] = [];
  while (rest.length > 0) groups.push(rest.splice(0, size(sizes) % 3));
  return groups;
}

function size(sizes: Iterator<number>): number {
  return (sizes.next() as IteratorYieldResult<number>).value;
}
