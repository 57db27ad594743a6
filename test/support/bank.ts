/** A bank as a map of accounts, and the tools on it, each of whose effects a test may declare otherwise. */
import { defineTool, resource, type Effects, type Tool } from "../../src/index.ts";

/** What each account holds. */
export type Accounts = Map<string, number>;

/** What a call of any of the tools says. */
export interface BankInput {
  readonly id: string;
  readonly to?: string;
  readonly amount?: number;
}

type Declared = Effects<BankInput>;

/** A fresh bank. */
export function makeAccounts(): Accounts {
  return new Map([
    ["a", 10],
    ["b", 0],
  ]);
}

/** What the tools should declare. */
export const BANK = {
  balance: ({ id }: BankInput) => ({ reads: [resource`account/${id}`] }),
  deposit: ({ id }: BankInput) => ({ commutes: [resource`account/${id}`] }),
  withdraw: ({ id }: BankInput) => ({ writes: [resource`account/${id}`] }),
  transfer: ({ id, to = id }: BankInput) => ({ writes: [resource`account/${id}`, resource`account/${to}`] }),
} satisfies Record<string, Declared>;

/** The tool of this name; without effects of its own it declares what it should. */
export function bankTool(name: keyof typeof BANK, accounts: Accounts, effects: Declared = BANK[name]): Tool {
  return defineTool({
    name,
    description: name,
    input: { type: "object", required: ["id"] },
    effects: effects as Effects<Record<string, unknown>>,
    execute: (input) => DOES[name](accounts, input as unknown as BankInput),
  });
}

const DOES: Record<keyof typeof BANK, (accounts: Accounts, input: BankInput) => unknown> = {
  balance: (accounts, { id }) => accounts.get(id),
  deposit: (accounts, { id, amount = 1 }) => void accounts.set(id, holds(accounts, id) + amount),
  withdraw: (accounts, { id, amount = 1 }) => take(accounts, id, amount),
  transfer: (accounts, { id, to = id, amount = 1 }) => {
    take(accounts, id, amount);
    accounts.set(to, holds(accounts, to) + amount);
  },
};

function holds(accounts: Accounts, id: string): number {
  return accounts.get(id) ?? 0;
}

function take(accounts: Accounts, id: string, amount: number): void {
  const left = holds(accounts, id) - amount;
  if (left < 0) throw new Error(`${id} is short of ${-left}`);
  accounts.set(id, left);
}
