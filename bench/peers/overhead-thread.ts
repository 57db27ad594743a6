/** A contestant in a thread of its own, where one that takes too long can be ended and none is in another's memory. */
import { parentPort, workerData } from "node:worker_threads";
import type { Contestant } from "./contestant.ts";
import { createReplay, type Tape } from "./replay.ts";

/** What the thread is asked: one turn of the tape last sent. It answers with the milliseconds. */
export type ThreadMessage = { readonly tape: Tape; readonly calls: number } | "play";

/** Which contestant the thread is for. */
export type ThreadData = Pick<Contestant, "module" | "name">;

const { module, name } = workerData as ThreadData;
const exported = Object.values((await import(module)) as Record<string, Partial<Contestant>>);
const contestant = exported.find((one) => one.name === name) as Contestant | undefined;
let play = (): Promise<number> => Promise.reject(new Error("no tape has come"));

parentPort?.on("message", (message: ThreadMessage) => {
  if (message !== "play") play = prepare(message.tape, message.calls);
  else
    play().then(
      (ms) => parentPort?.postMessage(ms),
      // Ends the thread, of which the benchmark hears.
      (error: unknown) =>
        queueMicrotask(() => {
          throw error;
        }),
    );
});

parentPort?.postMessage("ready");

function prepare(tape: Tape, calls: number): () => Promise<number> {
  if (contestant === undefined) throw new Error(`${module} exports no ${name}`);
  const replay = createReplay(tape);
  let ran = 0;
  const execute = async () => {
    ran++;
    return "ok";
  };
  const tools = [{ name: "noop", execute }];
  const agent = contestant.start({ url: "http://simulator", stream: false, tools, fetch: replay.fetch });
  return async () => {
    ran = 0;
    await agent.open().say("Go.", new AbortController().signal);
    if (ran !== calls) throw new Error(`${contestant.name} ran ${ran} of ${calls} calls`);
    return replay.turnMs();
  };
}
