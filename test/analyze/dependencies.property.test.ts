/** Precision: a call that has a value from a result is never said to have been possible before it, however it is disguised. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { session, missed, type ToldCall } from "../support/told-sessions.ts";

const letters = "abcdefghijklmnopqrstuvwxyz".split("");
const word = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: min, maxLength: max });
const lower = word(5, 10).map((text) => `q${text}`);
const digits = fc.integer({ min: 1_000, max: 9_999_999 }).map(String);

/** Something that a result tells, of the kinds that results tell. */
const secrets = fc.oneof(
  lower,
  digits,
  // No prompt below has a digit, so a small number is a find, too.
  fc.integer({ min: 2, max: 99 }).map(String),
  fc.tuple(lower, digits).map(([a, b]) => `${a}_${b}`),
  fc.tuple(lower, lower).map(([a, b]) => `${a}-${b}`),
  fc.tuple(lower, lower).map(([a, b]) => `${a}_${b}`),
  fc.tuple(lower, lower, lower).map(([a, b, c]) => `src/${a}/${b}/${c}.ts`),
  fc.tuple(lower, lower).map(([a, b]) => `https://${a}.example/${b}`),
  fc.tuple(lower, lower).map(([a, b]) => `${a}@${b}.example`),
  fc.uuid(),
  fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }).map((s) => new Date(s * 1_000).toISOString()),
);

/** How it stands in the result. */
const tellings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `The one you want is ${secret}, as it says.`,
  (secret) => JSON.stringify({ items: [{ value: secret, kind: "thing" }], more: true }),
  (secret) => JSON.stringify(JSON.stringify({ value: secret })),
  (secret) => JSON.stringify({ url: `https://files.example/${encodeURIComponent(secret)}?raw` }),
  (secret) => `| name | what |\n|---|---|\n| ${secret} | thing |`,
  (secret) => `first\\n${secret}\\nlast`,
  (secret) => (/^\d{4,}$/.test(secret) ? `in all ${Number(secret).toLocaleString("en-US")}` : `"${secret}"`),
  (secret) => `(${secret.toUpperCase()})`,
];

/** How the later call has it. */
const disguises: readonly ((secret: string) => unknown)[] = [
  (secret) => ({ target: secret }),
  (secret) => ({ target: /^\d+$/.test(secret) ? Number(secret) : secret }),
  (secret) => ({ path: `/data/${secret}/index.json` }),
  (secret) => ({ url: `https://api.example/things/${encodeURIComponent(secret)}?full=yes` }),
  (secret) => ({ where: { any: [{ field: "name", equals: [secret] }] } }),
  (secret) => ({ target: secret.toUpperCase() }),
  (secret) => ({ question: `please tell more about ${secret} and the rest of it` }),
  (secret) => ({ path: secret.split("/").at(-1) }),
  (secret) => ({
    name: secret
      .split("/")
      .at(-1)
      ?.replace(/\.\w+$/, ""),
  }),
  (secret) => ({ key: `item-${secret}` }),
  (secret) => ({ key: `item${secret}` }),
  (secret) => ({ key: secret.replaceAll(/[_-]/g, " ") }),
  (secret) => ({ key: secret.replaceAll(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase()) }),
  (secret) => ({ key: secret.replaceAll("_", "-") }),
  (secret) => ({ query: JSON.stringify({ value: secret }) }),
  (secret) => ({ target: /^\d+$/.test(secret) ? secret.padStart(10, "0") : `#${secret}` }),
  (secret) => ({ name: secret.includes("-") ? secret.split("-")[0] : secret }),
];

const READS = ["get_thing", "search_things", "read_file", "list_things", "fetch_page"];
const tool = fc.constantFrom(...READS);
const known = ["harbour", "orchard", "lantern", "meadow", "compass", "granite"];

/** People name what is asked for, in the order in which it is asked: then reads of it are found. */
function promptFor(calls: readonly ToldCall[]): string {
  const values = calls
    .flatMap(([, input]) => Object.values(input as object))
    .filter((one) => known.includes(one));
  return `Tell me everything about ${[...new Set(["harbour", ...values])].join(", ")}, please.`;
}

/** A call that owes nothing to any result. */
const free = fc
  .tuple(tool, fc.constantFrom(...known), fc.constantFrom("target", "path", "question", "key"))
  .map(([name, value, key]): ToldCall => [name, { [key]: value }, "Nothing of the kind, but that it is so."]);

const histories = fc.record({
  secret: secrets,
  telling: fc.constantFrom(...tellings),
  disguise: fc.constantFrom(...disguises),
  source: tool,
  later: fc.oneof(tool, fc.constant("same")),
  before: fc.array(free, { maxLength: 2 }),
  beside: fc.array(free, { maxLength: 2 }),
  between: fc.array(free, { maxLength: 2 }),
  along: fc.array(free, { maxLength: 1 }),
  /** Whether the source was asked in the very same shape. */
  isAlike: fc.boolean(),
});

test("no call that has a value from a result is said to have been possible before it", () => {
  let chains = 0;
  const holds = fc.property(histories, (told) => {
    const { secret, telling, disguise, source, later, before, beside, between, along, isAlike } = told;
    const input = disguise(secret);
    const asked = isAlike
      ? Object.fromEntries(Object.keys(input as object).map((key) => [key, "harbour"]))
      : { target: "harbour" };
    const history = session(promptFor([...before, ...beside, ...between, ...along]), [
      ...before.map((call) => [call]),
      [[source, asked, telling(secret)], ...beside],
      ...between.map((call) => [call]),
      [...along, [later === "same" ? source : later, input]],
    ]);
    const from = before.length + 1;
    const to = from + between.length + 1;
    for (const found of missed(history)) {
      chains++;
      const turns = found.split(" ")[0]?.split("+").map(Number) ?? [];
      assert.ok(!(turns.includes(from) && turns.includes(to)), `turns ${found}: ${JSON.stringify(history)}`);
    }
  });
  fc.assert(holds, { numRuns: 3_000 });
  assert.ok(chains > 60, `only ${chains} chains were found at all`);
});

test("reads whose values all stand in the prompt are found, whatever the results say", () => {
  const value = fc.oneof(
    lower,
    digits,
    fc.tuple(lower, lower).map(([a, b]) => `src/${a}/${b}.ts`),
    fc.tuple(lower, digits).map(([a, b]) => `${a}-${b}`),
  );
  const holds = fc.property(
    fc.uniqueArray(value, { minLength: 2, maxLength: 6 }),
    fc.nat({ max: READS.length - 1 }),
    (values, which) => {
      const turns = values.map((one, i): ToldCall[] => [
        [READS[which] ?? "", { target: one }, `All is well with the ${i}th of them.`],
      ]);
      const numbers = values.map((_, i) => i + 1).join("+");
      const found = missed(session(`Have a look at ${values.join(" and ")}, please.`, turns));
      assert.deepEqual(found, [`${numbers} certain`], JSON.stringify({ values, found }));
    },
  );
  fc.assert(holds, { numRuns: 1_000 });
});
