/**
 * A toy store and its tools: as functions of a state, so that a test can work out for itself what the order of calls does, and as
 * tools with any declaration, right or wrong.
 */
import fc from "fast-check";
import { defineTool, type Effects, type Tool } from "../../src/index.ts";

/** The store's content. */
export type Store = Readonly<Record<string, number>>;

/** What a call of any of the tools says. */
export interface ToyInput {
  readonly key: string;
  readonly to?: string;
  readonly value?: number;
}

/** A call of a tool. */
export interface ToyCall {
  readonly name: ToyName;
  readonly input: ToyInput;
}

/** The names of the tools. */
export type ToyName = "get" | "set" | "add" | "next" | "copy" | "idle";

type Declaration = Effects<ToyInput>;

/** Different everywhere, so that it is seen what was copied. */
export const FRESH: Store = { a: 1, b: 2 };
const KEYS = Object.keys(FRESH);

const at = (store: Store, key: string) => store[key] as number;

/** What each call does: the store after it, and what it returns. */
export const DOES: Readonly<Record<ToyName, (store: Store, input: ToyInput) => readonly [Store, unknown]>> = {
  get: (store, { key }) => [store, at(store, key)],
  set: (store, { key, value = 0 }) => [{ ...store, [key]: value }, "set"],
  add: (store, { key, value = 0 }) => [{ ...store, [key]: at(store, key) + value }, "added"],
  next: (store, { key }) => [{ ...store, [key]: at(store, key) + 1 }, at(store, key) + 1],
  copy: (store, { key, to = key }) => [{ ...store, [to]: at(store, key) }, "copied"],
  idle: (store, { value }) => [store, value],
};

/** What each of them should declare. */
export const EXACT: Readonly<Record<ToyName, Declaration>> = {
  get: ({ key }) => ({ reads: [key] }),
  set: ({ key }) => ({ writes: [key] }),
  add: ({ key }) => ({ commutes: [key] }),
  next: ({ key }) => ({ writes: [key] }),
  copy: ({ key, to = key }) => ({ reads: [key], writes: [to] }),
  idle: "none",
};

const NAMES = Object.keys(EXACT) as ToyName[];

/** Declarations that know only a part, or all too much. */
const OTHERS: readonly Declaration[] = [
  "none",
  "read",
  "write",
  ({ key }) => ({ reads: [key] }),
  ({ key }) => ({ writes: [key] }),
  ({ key, to = key }) => ({ reads: [key], commutes: [to] }),
  ({ to }) => (to === undefined ? {} : { writes: [to] }),
  ({ key, value = 0 }) => ({ writes: [`${key}/${value}`] }),
  () => ({ commutes: [""] }),
];

/** Declarations of all tools: mostly right. */
export const declarations: fc.Arbitrary<Readonly<Record<ToyName, Declaration>>> = fc
  .tuple(
    ...NAMES.map((name) =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(EXACT[name]) }, fc.constantFrom(...OTHERS)),
    ),
  )
  .map((chosen) => Object.fromEntries(NAMES.map((name, i) => [name, chosen[i]])) as typeof EXACT);

const key = fc.constantFrom(...KEYS);

/** Some calls, no two of them the same; a value may be one that is there already. */
export const calls: fc.Arbitrary<readonly ToyCall[]> = fc.uniqueArray(
  fc.oneof(
    fc.record<ToyCall>({ name: fc.constantFrom("get", "next"), input: fc.record({ key }) }),
    fc.record<ToyCall>({
      name: fc.constantFrom("set", "add", "idle"),
      input: fc.record({ key, value: fc.integer({ min: 1, max: 2 }) }),
    }),
    fc.record<ToyCall>({ name: fc.constant("copy"), input: fc.record({ key, to: key }) }),
  ),
  { minLength: 1, maxLength: 6, selector: (call) => JSON.stringify(call) },
);

/** Calls each of which shows what it does: every value is another, and nothing is copied to its own place. */
export const tellingCalls: fc.Arbitrary<readonly ToyCall[]> = calls
  .map((list) => list.filter(({ input }) => input.to !== input.key))
  .filter((list) => list.length > 0)
  .map((list) =>
    list.map(({ name, input }, i) => {
      const value = 10 * 7 ** i;
      return { name, input: input.value === undefined ? input : { ...input, value } };
    }),
  );

/** The tools on a store that a test holds, with these declarations; each call waits before it works, and after. */
export function toyTools(
  store: { now: Store },
  declared: Readonly<Record<ToyName, Declaration>>,
  wait: () => Promise<void> = () => Promise.resolve(),
): Tool[] {
  return NAMES.map((name) =>
    defineTool({
      name,
      description: name,
      input: { type: "object", required: ["key"] },
      effects: declared[name] as Effects<Record<string, unknown>>,
      execute: async (input) => {
        await wait();
        const [next, output] = DOES[name](store.now, input as unknown as ToyInput);
        store.now = next;
        await wait();
        return output;
      },
    }),
  );
}

/** The inputs of calls by the names of all the tools. */
export function inputsOf(list: readonly ToyCall[]): Record<ToyName, ToyInput[]> {
  const inputs = (name: ToyName) => list.filter((call) => call.name === name).map(({ input }) => input);
  return Object.fromEntries(NAMES.map((name) => [name, inputs(name)])) as Record<ToyName, ToyInput[]>;
}
