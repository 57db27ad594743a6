/** A transfer that declares one of the two accounts that it writes, and how a test finds it. Needs no key. */
import { defineTool, resource } from "tutti";
import { checkEffects } from "tutti/testing";
import { z } from "zod";

type Accounts = Map<string, number>;

const balance = (accounts: Accounts) =>
  defineTool({
    name: "balance",
    description: "What an account holds",
    input: z.object({ id: z.string() }),
    effects: ({ id }) => ({ reads: [resource`account/${id}`] }),
    execute: ({ id }) => accounts.get(id),
  });
const deposit = (accounts: Accounts) =>
  defineTool({
    name: "deposit",
    description: "Pays in",
    input: z.object({ id: z.string(), amount: z.number() }),
    effects: ({ id }) => ({ writes: [resource`account/${id}`] }),
    execute: ({ id, amount }) => {
      accounts.set(id, (accounts.get(id) ?? 0) + amount);
    },
  });
const transfer = (accounts: Accounts) =>
  defineTool({
    name: "transfer",
    description: "Moves money",
    input: z.object({ from: z.string(), to: z.string(), amount: z.number() }),
    effects: ({ from }) => ({ writes: [resource`account/${from}`] }),
    execute: ({ from, to, amount }) => {
      const left = (accounts.get(from) ?? 0) - amount;
      if (left < 0) throw new Error(`${from} is short of ${-left}`);
      accounts.set(from, left);
      accounts.set(to, (accounts.get(to) ?? 0) + amount);
    },
  });

const report = await checkEffects(
  (accounts: Accounts) => [balance(accounts), deposit(accounts), transfer(accounts)],
  {
    balance: [{ id: "a" }, { id: "b" }],
    deposit: [1, 2].map((amount) => ({ id: "a", amount })),
    transfer: [{ from: "a", to: "b", amount: 5 }],
  },
  () => new Map(Object.entries({ a: 5, b: 0 })),
);
console.log(String(report));
