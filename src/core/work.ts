/** What does the work of a tool: a function, a function for several calls at once, or a module that runs in a thread. */
import type { Gather } from "./gather.ts";
import { aFunction, knownKeys, oneOf, positiveInteger, show } from "./options.ts";

/** The options that say it; a tool has one of them. */
export interface WorkOptions<Input, Output> {
  readonly execute?: unknown;
  readonly gather?: Gather<Input, Output> | undefined;
  readonly isolate?: unknown;
  readonly module?: unknown;
}

/** What does the work, unless it is `execute`. */
export interface Work<Input, Output> {
  readonly gather: Gather<Input, Output> | undefined;
  /** A file URL or an absolute path. */
  readonly module: string | undefined;
}

/**
 * Checks that a tool has one thing that does its work.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveWork<Input, Output>(
  name: string,
  options: WorkOptions<Input, Output>,
): Work<Input, Output> {
  const { execute, gather, isolate, module } = options;
  if (isolate === undefined && module !== undefined)
    throw new TypeError(`\`module\` of \`${name}\` is for isolated tools: add isolate: "thread"`);
  if (isolate !== undefined) return { gather: undefined, module: moduleOf(name, options) };
  if (gather === undefined) aFunction(`execute\` of \`${name}`, execute);
  else checkGather(name, options);
  return { gather, module: undefined };
}

function checkGather(name: string, { execute, gather }: WorkOptions<never, unknown>): void {
  if (execute !== undefined)
    throw new TypeError(`\`${name}\` has both \`execute\` and \`gather\`; it needs one`);
  knownKeys("gather", gather, ["maxSize", "execute"]);
  positiveInteger("gather.maxSize", gather?.maxSize);
  aFunction(`gather.execute\` of \`${name}`, (gather as { execute?: unknown }).execute);
}

function moduleOf(name: string, { execute, gather, isolate, module }: WorkOptions<never, unknown>): string {
  oneOf(`isolate\` of \`${name}`, ["thread"], isolate);
  if (gather !== undefined) throw new TypeError(`\`${name}\` cannot have both \`gather\` and \`isolate\``);
  if (execute !== undefined) {
    throw new TypeError(
      `\`${name}\` has both \`execute\` and \`module\`: a function cannot go to a thread, so export it from the module`,
    );
  }
  const location = typeof module === "string" ? module : String((module as URL | undefined)?.href ?? "");
  if (/^(?:file:|\/|\\\\|[a-z]:[\\/])/i.test(location)) return location;
  throw new TypeError(
    `\`module\` of \`${name}\` must be a file URL or an absolute path, got ${show(location || module)}; ` +
      'for a file beside this one write new URL("./tool.ts", import.meta.url)',
  );
}
