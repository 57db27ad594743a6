/** Reads what a user's file exports: tools, and how they are to be run. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tool } from "../../core/tool.ts";
import { isObject } from "../../core/is-object.ts";
import { show } from "../../core/options.ts";
import type { ExecutorOptions } from "../../executor/executor-options.ts";
import { firstLine, UsageError } from "../usage-error.ts";

/** The options of an executor that a file may give. */
export type FileOptions = Omit<ExecutorOptions, "tools">;

/** What a tools file says. */
export interface ToolsFile {
  /** Its export `tools`, or else everything that it exports and that `defineTool` made. */
  readonly tools: readonly Tool[];
  /** Its export `executor`; what the options are is checked by `createExecutor`. */
  readonly executor: FileOptions;
}

/**
 * Loads a tools file.
 *
 * @throws UsageError if it does not load, exports no tools, or an `executor` that is no object of options
 */
export async function loadToolsFile(path: string): Promise<ToolsFile> {
  const exported = await load(path);
  return { tools: toolsOf(exported, path), executor: optionsOf(exported, path) };
}

function toolsOf(exported: Exports, path: string): readonly Tool[] {
  const { tools } = exported;
  if (Array.isArray(tools)) {
    if (tools.length === 0) throw new UsageError(`${path} exports no tools: its \`tools\` is empty`);
    return tools.map((tool, i) => {
      if (isTool(tool)) return tool;
      throw new UsageError(`${path}: \`tools[${i}]\` is not a tool; make it with defineTool`);
    });
  }
  if (tools !== undefined)
    throw new UsageError(`${path}: \`tools\` must be an array of what defineTool returns`);
  const found = Object.values(exported).flat().filter(isTool);
  if (found.length > 0) return [...new Set(found)];
  throw new UsageError(
    `${path} exports no tools; export an array of what defineTool returns: export const tools = [ … ]`,
  );
}

function optionsOf({ executor = {} }: Exports, path: string): FileOptions {
  const like = "export const executor = { pools: { … } }";
  if (!isObject(executor))
    throw new UsageError(
      `${path}: \`executor\` must be an object of options, got ${show(executor)}; ${like}`,
    );
  if (typeof executor["run"] === "function")
    throw new UsageError(`${path}: \`executor\` must be the options of an executor, not one itself; ${like}`);
  if ("tools" in executor)
    throw new UsageError(`${path}: \`executor\` cannot have \`tools\`; export them beside it`);
  return executor;
}

type Exports = Readonly<Record<string, unknown>>;

async function load(path: string): Promise<Exports> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`tools file ${path}: there is no such file`);
  try {
    return (await import(pathToFileURL(file).href)) as Exports;
  } catch (error) {
    throw new UsageError(`tools file ${path} does not load: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code, stack } = (error ?? {}) as { readonly code?: unknown; readonly stack?: unknown };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" && firstLine(error).includes('".ts"')) {
    return `Node ${process.versions.node} does not run TypeScript; use Node 22.18 or newer, or a .js file`;
  }
  // Only the stack says where: "file:///…/tools.ts:3".
  const line = error instanceof SyntaxError ? /^\S+:(\d+)\n/.exec(String(stack))?.[1] : undefined;
  return line === undefined ? firstLine(error) : `line ${line}: ${firstLine(error)}`;
}

/** By its shape, since the file may have a copy of the package of its own. */
function isTool(value: unknown): value is Tool {
  return typeof value === "object" && value !== null && "checkInput" in value && "execute" in value;
}
