import assert from "node:assert/strict";
import { test } from "node:test";
import { defineTool, type Footprint, type Tool } from "../../src/index.ts";
import { checkEffects, type EffectsFinding } from "../../src/testing.ts";
import { BANK, bankTool, makeAccounts, type Accounts, type BankInput } from "../support/bank.ts";

const anything = { type: "object" } as const;

function messages(findings: readonly EffectsFinding[]): string[] {
  return findings.map(({ message }) => message);
}

test("G3: tools that declare what they do are found right, failures included", async () => {
  const report = await checkEffects(
    (accounts: Accounts) => [
      bankTool("balance", accounts),
      bankTool("deposit", accounts),
      bankTool("withdraw", accounts),
    ],
    {
      balance: [{ id: "a" }, { id: "b" }],
      deposit: [
        { id: "a", amount: 1 },
        { id: "b", amount: 2 },
      ],
      withdraw: [
        { id: "a", amount: 8 },
        { id: "a", amount: 9 },
        { id: "b", amount: 2 },
      ],
    },
    makeAccounts,
  );
  assert.deepEqual(messages(report.tooWeak), []);
  // Of the money that is there before anything is withdrawn, more makes no difference.
  assert.ok(messages(report.tooStrong).every((message) => message.startsWith("deposit")));
});

test("G3: a write that is left out of a declaration is found by the call that reads it", async () => {
  const forgetful = ({ id }: BankInput) => ({ writes: [`account/${id}`] });
  const report = await checkEffects(
    (accounts: Accounts) => [bankTool("transfer", accounts, forgetful), bankTool("balance", accounts)],
    { transfer: [{ id: "a", to: "b", amount: 5 }], balance: [{ id: "a" }, { id: "b" }] },
    makeAccounts,
  );
  assert.deepEqual(report.tooWeak, [
    {
      message:
        'transfer {"id":"a","to":"b","amount":5} and balance {"id":"b"} must conflict: balance returned 0, and ' +
        "after transfer it returned 5. Declared: writes account/a; reads account/b",
      calls: [
        { name: "transfer", input: { id: "a", to: "b", amount: 5 } },
        { name: "balance", input: { id: "b" } },
      ],
    },
  ]);
  assert.deepEqual(report.tooStrong, []);
});

test("what fails in one order and not in the other is a difference", async () => {
  const report = await checkEffects(
    (accounts: Accounts) => bankTool("withdraw", accounts, "none"),
    [{ id: "a", amount: 6 }],
    makeAccounts,
  );
  assert.deepEqual(messages(report.tooWeak), [
    'withdraw {"id":"a","amount":6} writes: the state was Map {"a" => 10,"b" => 0}, and is then ' +
      'Map {"a" => 4,"b" => 0}. Declared: nothing',
    'two calls of withdraw {"id":"a","amount":6} must conflict: withdraw returned undefined, and after the other it ' +
      'failed with "a is short of 2". Declared by both: nothing',
  ]);
});

test("two calls that leave different states are found, and only what differs of a long state is told", async () => {
  const append = (lines: string[]) =>
    defineTool({
      name: "append",
      description: "Adds a line",
      input: anything,
      effects: () => ({ commutes: ["log"] }),
      execute: ({ line }) => void lines.push(line as string),
    });
  const makeState = () => Array.from({ length: 50 }, (_, i) => `line ${i}`);
  const samples = [{ line: "one" }, { line: "two" }];
  const { tooWeak } = await checkEffects(append, samples, makeState);
  assert.equal(tooWeak.length, 1);
  assert.match(
    tooWeak[0]?.message as string,
    /must conflict: the state is ….{60,70}"one","two"\] in this order, and ….{60,70}"two","one"\] in the other/,
  );
  // Where the order of lines says nothing, the test says so.
  const sorted = { makeState, snapshot: (lines: string[]) => lines.toSorted() };
  assert.deepEqual((await checkEffects(append, samples, sorted)).tooWeak, []);
});

test("a call that commutes must not return what the order decides", async () => {
  const ticket = (state: { last: number }) =>
    defineTool({
      name: "ticket",
      description: "The next number",
      input: anything,
      effects: () => ({ commutes: ["number"] }),
      execute: () => ++state.last,
    });
  const { tooWeak } = await checkEffects(ticket, [{}], () => ({ last: 0 }));
  assert.deepEqual(messages(tooWeak), [
    "two calls of ticket {} must conflict: ticket returned 1, and after the other it returned 2. " +
      "Declared by both: commutes number",
  ]);
});

test("G3: calls that may overlap are run at once, too: an update that is lost is found", async () => {
  const add = (state: { sum: number }) =>
    defineTool({
      name: "add",
      description: "Adds to the sum",
      input: anything,
      effects: () => ({ commutes: ["sum"] }),
      execute: async ({ number }) => {
        const before = state.sum;
        await Promise.resolve();
        state.sum = before + (number as number);
      },
    });
  const { tooWeak } = await checkEffects(add, [{ number: 1 }, { number: 2 }], () => ({ sum: 0 }));
  assert.equal(tooWeak.length, 3);
  assert.equal(
    tooWeak[1]?.message,
    'add {"number":1} and add {"number":2} must conflict: the state is {"sum":3} when they run one after the ' +
      'other, and {"sum":2} when they overlap. Declared by both: commutes sum',
  );
});

test("a difference that shows only behind other calls is found, and those are told", async () => {
  const named = (name: string, effects: Footprint, execute: () => unknown) =>
    defineTool({ name, description: name, input: anything, effects: () => effects, execute });
  const doors = (state: { steps: number; opened: boolean }) => [
    named("step", { writes: ["door"] }, () => void state.steps++),
    named("open", { writes: ["door"] }, () => void (state.opened ||= state.steps === 2)),
    named("look", { reads: ["window"] }, () => state.opened),
  ];
  const samples = { step: [{}], open: [{}], look: [{}] };
  const makeState = () => ({ steps: 0, opened: false });
  assert.deepEqual((await checkEffects(doors, samples, makeState)).tooWeak, []);
  const { tooWeak } = await checkEffects(doors, samples, { makeState, callsBefore: 2 });
  assert.deepEqual(messages(tooWeak), [
    "open {} and look {} must conflict: look returned false, and after open it returned true (once step {} and " +
      "step {} have run). Declared: writes door; reads window",
  ]);
});

test("calls that wait for each other without need are found, in words or by name", async () => {
  const report = await checkEffects(
    (accounts: Accounts) => [
      bankTool("balance", accounts, "write"),
      bankTool("deposit", accounts, () => ({ writes: ["account"] })),
      bankTool("withdraw", accounts),
    ],
    { balance: [{ id: "a" }], deposit: [{ id: "a" }, { id: "b" }], withdraw: [{ id: "a" }] },
    makeAccounts,
  );
  assert.deepEqual(report.tooWeak, []);
  assert.deepEqual(messages(report.tooStrong), [
    'balance {"id":"a"} may write nothing: it left 4 states as they were. Declared: writes (everything)',
    'deposit {"id":"a"} and deposit {"id":"b"} may not have to conflict: their order made no difference from 4 ' +
      "states; if it never does, `commutes` in place of `writes` lets them overlap. Declared by both: writes account",
    ...["a", "b"].map(
      (id) =>
        `deposit {"id":"${id}"} and withdraw {"id":"a"} may not have to conflict: their order made no difference ` +
        "from 4 states; if it never does, `commutes` in place of `writes` lets them overlap. Declared: writes " +
        "account; writes account/a",
    ),
  ]);
});

test("a reader that waits without need gets no hint of `commutes`", async () => {
  const { tooStrong } = await checkEffects(
    (accounts: Accounts) => [bankTool("balance", accounts, "read"), bankTool("deposit", accounts)],
    { balance: [{ id: "a" }], deposit: [{ id: "b" }] },
    makeAccounts,
  );
  assert.deepEqual(messages(tooStrong), [
    'balance {"id":"a"} and deposit {"id":"b"} may not have to conflict: their order made no difference from 2 ' +
      "states. Declared: reads (everything); commutes account/b",
  ]);
});

test("the report tells all of it as a string, calls of the same tools once", async () => {
  const tools = (accounts: Accounts): Tool[] => [
    bankTool("balance", accounts, "none"),
    bankTool("deposit", accounts),
  ];
  const ids = [{ id: "a" }, { id: "b" }];
  const wrong = await checkEffects(tools, { balance: ids, deposit: ids }, makeAccounts);
  assert.equal(
    String(wrong),
    [
      "10 pairs of calls, from 3 states.",
      "too weak: unsafe",
      '  balance {"id":"a"} and deposit {"id":"a"} must conflict: balance returned 10, and after deposit it returned ' +
        "11. Declared: nothing; commutes account/a (and 1 more of these tools)",
    ].join("\n"),
  );
  const right = await checkEffects(
    (accounts: Accounts) => bankTool("balance", accounts, BANK.balance),
    ids,
    makeAccounts,
  );
  assert.equal(String(right), "3 pairs of calls, from 1 state: nothing found");
});
