/** Mails that fail in different ways, and which of them are tried again. Needs no key. */
import { createExecutor, defineTool, resource, toolError } from "tutti";
import { z } from "zod";

const failures = new Map<string, Error>([
  ["ada", Object.assign(new Error("too many requests"), { status: 429 })],
  ["ben", Object.assign(new Error("bad gateway"), { status: 502 })],
  ["cleo", Object.assign(new Error("bad gateway"), { status: 502 })],
  ["dan", toolError({ message: "the mailbox is locked", retryable: true, nothingHappened: true })],
]);
const facts = {
  description: "Sends a mail",
  input: z.object({ to: z.string() }),
  effects: ({ to }: { to: string }) => ({ writes: [resource`mail/${to}`] }),
  execute: ({ to }: { to: string }) => {
    const failure = failures.get(to);
    failures.delete(to);
    if (failure !== undefined) throw failure;
    return "sent";
  },
};
const sendMail = defineTool({ ...facts, name: "send_mail" });
// Its server drops a mail that comes again with the same `idempotencyKey`.
const sendOnce = defineTool({ ...facts, name: "send_once", idempotent: true });

const executor = createExecutor({ tools: [sendMail, sendOnce], retry: { attempts: 3, baseMs: 20 } });
const outcomes = await executor.run([
  { name: "send_mail", input: { to: "ada" } },
  { name: "send_mail", input: { to: "ben" } },
  { name: "send_once", input: { to: "cleo" } },
  { name: "send_mail", input: { to: "dan" } },
]);
for (const { call, status, attempts, output, error } of outcomes) {
  const unsure = error?.mayHaveTakenEffect === true ? "(may have taken effect)" : "";
  console.log(call.name, call.input, `attempts: ${attempts}`, status, output ?? error?.message, unsure);
}
