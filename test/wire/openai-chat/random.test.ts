/** Random answers, in the ways in which servers write them: streamed or whole, they read the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openaiChat } from "../../../src/wire/openai-chat/wire.ts";
import type { ChatCallFragment, ChatChunk } from "../../../src/wire/openai-chat/protocol.ts";
import { calls as chunkOf, delta, finish, stream } from "../../support/chat-chunks.ts";

/** How a server tells the fragments of its calls apart, and how it writes them. */
interface Style {
  readonly index: "its own" | "always 0" | "none";
  readonly ids: "first" | "each" | "none";
  readonly names: "first" | "each";
  readonly texts: "deltas" | "snapshots" | "whole";
  readonly interleaved: boolean;
}

interface RandomCall {
  readonly name: string;
  readonly input: object;
  readonly custom: boolean;
}

const text = fc.string({ unit: "binary" });
const call = fc.record({
  name: fc.constantFrom("get", "put"),
  // By way of JSON, which knows no -0.
  input: fc
    .dictionary(text, fc.jsonValue({ noUnicodeString: false }), { noNullPrototype: true })
    .map((input) => JSON.parse(JSON.stringify(input)) as object),
  custom: fc.boolean(),
});
const answer = fc.record({
  content: text,
  calls: fc.array(call, { maxLength: 5 }),
  reason: fc.constantFrom("tool_calls", "stop", "length", "content_filter", "tomorrow"),
});
const style: fc.Arbitrary<Style> = fc
  .record({
    index: fc.constantFrom<Style["index"]>("its own", "always 0", "none"),
    ids: fc.constantFrom<Style["ids"]>("first", "each", "none"),
    names: fc.constantFrom<Style["names"]>("first", "each"),
    texts: fc.constantFrom<Style["texts"]>("deltas", "snapshots", "whole"),
    interleaved: fc.boolean(),
  })
  .map((some) => ({
    ...some,
    // Without an index nothing can tell fragments apart that interleave.
    interleaved: some.interleaved && some.index === "its own",
    // Nor, without an id either, a snapshot from another call.
    texts: some.texts === "snapshots" && isBare(some) ? "deltas" : some.texts,
  }));
const sizes = fc.infiniteStream(fc.nat(9));

test("G8: random answers read the same streamed, in any server's way, as whole", () => {
  fc.assert(
    fc.property(answer, style, sizes, (answer, style, sizes) => {
      const { push, finish: end } = stream();
      const committed = push(...streamed(answer, style, sizes), finish(answer.reason));
      const turn = end();
      assert.deepEqual(turn, whole(answer, style));
      assert.deepEqual(
        committed,
        turn.calls.filter(({ truncated }) => truncated !== true),
      );
    }),
    { numRuns: 1_000 },
  );
});

test("G9: random streams that break off anywhere commit a prefix of the calls", () => {
  fc.assert(
    fc.property(answer, style, fc.tuple(sizes, fc.nat()), (answer, style, [sizes, seed]) => {
      const chunks = [...streamed(answer, style, sizes), finish("tool_calls")];
      const { push, finish: end, committed } = stream();
      const out = push(...chunks.slice(0, seed % chunks.length));
      const { calls, stop } = end();
      assert.equal(stop, "truncated");
      assert.deepEqual(calls.slice(0, out.length), out);
      assert.ok(calls.slice(out.length).every(({ truncated }) => truncated === true));
      assert.deepEqual(committed().calls, out);
      assert.deepEqual(out, whole({ ...answer, reason: "stop" }, style).calls.slice(0, out.length));
    }),
    { numRuns: 1_000 },
  );
});

/** Neither an index nor an id tells the calls apart. */
function isBare({ index, ids }: Pick<Style, "index" | "ids">): boolean {
  return index !== "its own" && ids === "none";
}

/**
 * The calls as the style has them: what nothing tells apart must differ, or one may be the other's echo. Free text does not
 * tell when it is whole; OpenAI alone has it, and writes one call behind the other.
 */
function callsOf(
  calls: readonly RandomCall[],
  style: Style,
): readonly (RandomCall & { readonly args: string })[] {
  return calls.map(({ name, input, custom }, i) => {
    const args = JSON.stringify(isBare(style) ? { i, ...input } : input);
    return {
      name,
      input,
      custom: custom && !isBare(style) && !style.interleaved && style.texts !== "snapshots",
      args,
    };
  });
}

function whole(
  { content, calls, reason }: { content: string; calls: RandomCall[]; reason: string },
  style: Style,
) {
  const tool_calls = callsOf(calls, style).map(({ name, args, custom }, i) => ({
    ...(style.ids !== "none" && { id: `call_${i}` }),
    ...(custom
      ? { type: "custom", custom: { name, input: args } }
      : { type: "function", function: { name, arguments: args } }),
  }));
  return openaiChat.read({ choices: [{ message: { content, tool_calls }, finish_reason: reason }] });
}

function streamed(
  { content, calls }: { content: string; calls: RandomCall[] },
  style: Style,
  sizes: Iterator<number>,
): ChatChunk[] {
  const each = callsOf(calls, style).map(({ name, args, custom }, i) =>
    textsOf(args, style, sizes).map((part, n): ChatCallFragment => {
      const isNamed = n === 0 || style.names === "each";
      const called = { ...(isNamed && { name }), ...(custom ? { input: part } : { arguments: part }) };
      return {
        ...(style.index !== "none" && { index: style.index === "always 0" ? 0 : i }),
        ...(style.ids !== "none" && (n === 0 || style.ids === "each") && { id: `call_${i}` }),
        ...(custom ? { type: "custom", custom: called } : { function: called }),
      };
    }),
  );
  const said = cut(content, sizes).map((part) => delta({ content: part }));
  return [...said, ...(style.interleaved ? shuffled(each, sizes) : each.flat()).map((one) => chunkOf(one))];
}

function textsOf(args: string, { texts }: Style, sizes: Iterator<number>): string[] {
  if (texts === "whole") return [args];
  const parts = ["", ...cut(args, sizes)];
  if (texts === "deltas") return parts;
  return parts.map((_, i) => parts.slice(0, i + 1).join(""));
}

/** The lists merged at random: calls begin in order, and each list keeps its own. */
function shuffled<Item>(lists: readonly (readonly Item[])[], sizes: Iterator<number>): Item[] {
  const begun = lists.flatMap(([first]) => first ?? []);
  const left = lists.map((list) => list.slice(1));
  const rest: Item[] = [];
  while (left.some((list) => list.length > 0)) {
    const open = left.filter((list) => list.length > 0);
    rest.push(...(open[Number(sizes.next().value) % open.length] as Item[]).splice(0, 1));
  }
  return [...begun, ...rest];
}

function cut(whole: string, sizes: Iterator<number>): string[] {
  const parts: string[] = [];
  for (let at = 0; at < whole.length;) {
    const size = Number(sizes.next().value);
    parts.push(whole.slice(at, at + size));
    at += size;
  }
  return parts;
}
