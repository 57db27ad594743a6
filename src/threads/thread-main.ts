/**
 * What runs in a thread: one call of a module's `execute`. Everything it says goes through the call's own port, in order,
 * so that progress never comes behind the end; and nothing that is thrown here is lost, or ends the thread.
 */
import { threadId } from "node:worker_threads";
import { textOf } from "../core/thrown.ts";
import { packThrown } from "./packed-thrown.ts";
import type { ThreadContext } from "./thread-context.ts";
import type { ThreadCall, ThreadEnd, ThreadMessage } from "./thread-message.ts";

type Execute = (input: unknown, context: ThreadContext) => unknown;

/** Runs a call, and says how it ended. It is the pool that calls this. */
export async function runCall({ module, input, port, ...facts }: ThreadCall): Promise<void> {
  const post = (message: ThreadMessage, what: string) => {
    try {
      port.postMessage(message);
    } catch (error) {
      throw new TypeError(`${what} cannot leave its thread: ${textOf(error, "it cannot be cloned")}`, {
        cause: error,
      });
    }
  };
  const context: ThreadContext = {
    ...facts,
    progress: (value) => post({ type: "progress", value }, "what `progress` was given"),
  };
  // First of all: a module may compute when it is loaded.
  post({ type: "started", threadId }, "the start");
  try {
    const execute = await loadExecute(module);
    const end: ThreadEnd = { type: "returned", value: await execute(input, context) };
    post(end, "what `execute` returned");
  } catch (thrown) {
    post({ type: "threw", thrown: packThrown(thrown) }, "the error");
  }
  port.close();
}

async function loadExecute(module: string): Promise<Execute> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(module)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new Error(`cannot load ${module}: ${textOf(error, "it threw")}`, { cause: error });
  }
  const { execute } = exported;
  if (typeof execute === "function") return execute as Execute;
  const names = Object.keys(exported).join(", ");
  throw new TypeError(`${module} exports no function \`execute\`; it exports ${names || "nothing"}`);
}
