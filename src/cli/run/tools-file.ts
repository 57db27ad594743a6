/** Reads the tools that a user's file exports. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tool } from "../../core/tool.ts";
import { firstLine, UsageError } from "../usage-error.ts";

/**
 * The tools of a file: its export `tools`, or else everything that it exports and that `defineTool` made.
 *
 * @throws UsageError if it does not load, or exports none
 */
export async function loadTools(path: string): Promise<readonly Tool[]> {
  const exported = await load(path);
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

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`tools file ${path}: there is no such file`);
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
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
