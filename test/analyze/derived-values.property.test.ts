/**
 * Precision, where the value of a call is no copy of anything: it was worked out from a result, it was known and a result points
 * at it, or people named several and a result says which.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { missed, session, type ToldCall, type ToldTurn } from "../support/told-sessions.ts";

const letters = "abcdefghijklmnopqrstuvwxyz".split("");
const name = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 4, maxLength: 9 })
  .map((text) => `q${text}`);
const READS = ["get_thing", "search_things", "read_file", "list_things", "fetch_page"];
const tool = fc.constantFrom(...READS);
const DAY = 86_400_000;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Runs histories of a dependent pair of turns, and holds that they are never in one chain. */
function neverTogether<T>(
  arbitrary: fc.Arbitrary<T>,
  tell: (told: T) => { prompt: string; turns: ToldTurn[]; from: number; to: number },
): void {
  const holds = fc.property(arbitrary, (told) => {
    const { prompt, turns, from, to } = tell(told);
    for (const found of missed(session(prompt, turns))) {
      const chain = found.split(" ")[0]?.split("+").map(Number) ?? [];
      const isTogether = chain.includes(from) && chain.includes(to);
      assert.ok(!isTogether, `turns ${found}: ${JSON.stringify({ prompt, turns })}`);
    }
  });
  fc.assert(holds, { numRuns: 1_500 });
}

/** Two inputs of one shape, of which the second was worked out from the first and what was read. */
const workedOut: fc.Arbitrary<{
  readonly first: unknown;
  readonly result: string;
  readonly second: unknown;
}> = fc.oneof(
  fc.tuple(fc.integer({ min: 1.7e12, max: 1.8e12 }), fc.integer({ min: 1, max: 9 })).map(([ms, days]) => ({
    first: { day: day(ms) },
    result: "all taken on that day",
    second: { day: day(ms + days * DAY) },
  })),
  fc
    .tuple(
      fc.constantFrom("page", "page_number", "pageNumber", "offset", "start", "skip", "cursor"),
      fc.nat(5),
    )
    .map(([key, at]) => ({
      first: { q: "harbour", [key]: at },
      result: '{"items":["ship","boat"],"has_more":true}',
      second: { q: "harbour", [key]: at + 1 },
    })),
  fc.tuple(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 2, max: 60 })).map(([a, b]) => ({
    first: { amount: 1 },
    result: `there are ${a} crates of ${b} pieces`,
    second: { amount: a * b },
  })),
  fc.nat(50).map((lines) => ({
    first: { command: `sed -n '1,${lines + 20}p' harbour.txt` },
    result: "a text that goes on",
    second: { command: `sed -n '${lines + 21},${lines + 90}p' harbour.txt` },
  })),
  fc.tuple(fc.nat(9), fc.nat(9)).map(([minor, more]) => ({
    first: { tag: `v1.${minor}.0` },
    result: "newer ones came after it",
    second: { tag: `v1.${minor + more + 1}.0` },
  })),
  name.map((word) => ({
    first: { id: "bm9kZTox" },
    result: `${word} is its parent`,
    second: { id: Buffer.from(`node:${word}`).toString("base64") },
  })),
  fc.constantFrom("January 1", "February 2", "March 3", "August 8", "December 12").map((month) => ({
    first: { month: 4 },
    result: `best of all was ${month.split(" ")[0] ?? ""}`,
    second: { month: Number(month.split(" ")[1]) },
  })),
  fc.constantFrom("two 2", "three 3", "seven 7", "eleven 11").map((number) => ({
    first: { which: "one" },
    result: `go by number ${number.split(" ")[1] ?? ""}`,
    second: { which: number.split(" ")[0] },
  })),
  fc.tuple(name, name).map(([word, more]) => ({
    first: { query: `${word} design overview` },
    result: "pages about many things",
    second: { query: `${word} design ${more}` },
  })),
  fc.tuple(name, fc.integer({ min: 7, max: 12 })).map(([word, length]) => {
    const hash = Buffer.from(word.repeat(4)).toString("hex").slice(0, 40);
    return {
      first: { ref: "main" },
      result: `commit ${hash} of ${word}`,
      second: { ref: hash.slice(0, length) },
    };
  }),
  fc
    .tuple(name, fc.constantFrom(["é", "e"], ["ö", "o"], ["ł", "l"]))
    .map(([word, [accent = "", plain = ""]]) => ({
      first: { city: "Lisbon" },
      result: `its sister is ${word}${accent}x`,
      second: { city: `${word}${plain}x` },
    })),
  name.map((word) => ({
    first: { url: "https://harbour.example" },
    result: `<a href="/${word}/start">more</a>`,
    second: { url: `https://harbour.example/${word}/start` },
  })),
);

test("no call whose value was worked out is said to have been possible before", () => {
  const along = fc.option(fc.constantFrom("meadow", "granite"), { nil: undefined });
  neverTogether(fc.tuple(workedOut, tool, along), ([{ first, result, second }, read, extra]) => {
    const which = typeof first === "object" && first !== null && "command" in first ? "bash" : read;
    const free: ToldCall[] = extra === undefined ? [] : [["get_other", { about: extra }, "as it says"]];
    return {
      prompt: `Tell me about the harbour${extra === undefined ? "" : ` and ${extra}`}, please.`,
      turns: [[[which, first, result], ...free], [[which, second, "fine"]]],
      from: 1,
      to: 2,
    };
  });
});

/** How a thing of a listing is called, and how a text that was read points at it. */
const pointed: fc.Arbitrary<{ readonly item: string; readonly pointer: string }> = fc
  .tuple(name, name)
  .chain(([a, b]) =>
    fc.constantFrom(
      { item: `src/${a}.ts`, pointer: `import { x } from "./${a}";` },
      { item: `src/${a}/${b}.ts`, pointer: `import x from "../${a}/${b}.js";` },
      { item: `lib/${a}_${b}.rb`, pointer: `${capital(a)}${capital(b)}.new.value` },
      { item: `${a}.${b}/Main.java`, pointer: `import com.acme.${b}.*;` },
      { item: `${a}s`, pointer: `id int, ${a}_id int references it` },
      { item: `dim_${a}`, pointer: `${a}_key numeric` },
      { item: `${a.toUpperCase()}.md`, pointer: `there is a guide on ${a}` },
      { item: `docs/${a}-${b}.html`, pointer: `Then comes: ${capital(a)} ${b}` },
      { item: `${a}-4711`, pointer: '{"manager":4711}' },
      { item: `${a}y.txt`, pointer: `all ${a}ies are there` },
    ),
  );

test("no call for something that was known is, if what was read in between points at it", () => {
  const others = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });
  neverTogether(
    fc.tuple(pointed, others, fc.boolean(), fc.boolean()),
    ([{ item, pointer }, [first = "", ...rest], isAnnounced, isShell]) => {
      const read = (path: string, result: string): ToldCall =>
        isShell ? ["bash", { command: `cat ${path}` }, result] : ["read_file", { path }, result];
      const found = `one line\n${pointer}\nanother`;
      const listing = [`${first}.zz`, item, ...rest].map((one) => `./${one}`).join("\n");
      const text = isAnnounced ? `I'll read ${first}.zz and ${item}.` : "";
      return {
        // It is what comes next in what people want all of, or in what the model had said: without the pointer it is no dependency.
        prompt: isAnnounced ? "Explain how this works." : "Read all files of this project.",
        turns: [
          [["list_all", {}, listing]],
          { text, calls: [read(`${first}.zz`, found)] },
          [read(item, "fine")],
        ],
        from: 2,
        to: 3,
      };
    },
  );
});

test("nor one for what people had listed, if it is not what comes next, whatever a result says", () => {
  const options = fc.uniqueArray(name, { minLength: 3, maxLength: 6 });
  neverTogether(fc.tuple(options, fc.nat(5), tool, fc.boolean()), ([names, at, read, isTold]) => {
    const [first = "", second = "", ...others] = names;
    const chosen = others[at % others.length] ?? "";
    const rest = names.filter((one) => one !== first && one !== chosen);
    const ask = (kind: string, result: string): ToldCall => [read, { kind }, result];
    return {
      prompt: `Compare ${names.join(", ")}, please.`,
      turns: [
        [ask(first, isTold ? `less than ${chosen}, more than ${second}` : "quite a lot")],
        [ask(chosen, "a lot")],
        ...rest.map((one) => [ask(one, "some")]),
      ],
      from: 1,
      to: 2,
    };
  });
});
