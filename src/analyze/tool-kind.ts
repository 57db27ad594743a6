/**
 * Whether a call reads or may write, told by the tool's name, and for shells, SQL and HTTP by what is in the input. What
 * cannot be told may write: then nothing is said of it.
 */
import { isObject } from "../core/is-object.ts";
import type { SessionCall } from "./session.ts";
import { isReadOnlyCommand } from "./shell-command.ts";

/** Which tools are known to read or write, beyond what their names say. Names, with `*` for anything. */
export interface ToolKinds {
  readonly reads?: readonly string[] | undefined;
  readonly writes?: readonly string[] | undefined;
}

/** Verbs that write wherever they stand in a name. */
const WRITES = wordSet(
  "write edit create delete remove replace modify insert upload rename execute exec apply patch overwrite append drop destroy deploy install kill",
);
/** Words that write as verbs and are things as well: `commit_changes`, but `get_commit`. */
const MAY_WRITE = wordSet(
  "send run bash shell terminal command update set put post move copy commit push submit book cancel pay start stop add save store make order buy assign close open click type navigate goto ask sleep wait call invoke todo task agent transfer",
);
const READS = wordSet(
  "read get list ls search fetch view find query lookup look glob grep show describe cat head tail stat status check count inspect browse retrieve websearch webfetch readfile listdir weather",
);
const SHELLS = wordSet("bash shell exec terminal command cmd sh zsh powershell");

/** Tells calls apart. */
export function createKindOf({
  reads = [],
  writes = [],
}: ToolKinds): (call: SessionCall) => "read" | "write" {
  const isRead = globs(reads);
  const isWrite = globs(writes);
  return (call) => {
    if (isWrite(call.name)) return "write";
    if (isRead(call.name)) return "read";
    return looksReading(call) ? "read" : "write";
  };
}

/** The command that a call gives to a shell: undefined if it is no call of a shell. */
export function commandOf({ name, input }: Pick<SessionCall, "name" | "input">): string | undefined {
  if (!wordsOf(name).some((word) => SHELLS.has(word)) || !isObject(input)) return undefined;
  const command = input["command"] ?? input["cmd"] ?? input["script"];
  if (typeof command === "string") return command;
  if (!Array.isArray(command) || !command.every((word) => typeof word === "string")) return undefined;
  const [shell = "", flag = "", line] = command as string[];
  if (/(^|\/)(ba|z)?sh$/.test(shell) && /^-[lc]+$/.test(flag) && command.length === 3) return line;
  // Each word by itself, so that none of it is taken for syntax.
  return command.some((word: string) => /[\s'"\\]/.test(word)) ? undefined : command.join(" ");
}

function looksReading(call: SessionCall): boolean {
  const command = commandOf(call);
  if (command !== undefined) return isReadOnlyCommand(command);
  const { name, input } = call;
  if (isObject(input)) {
    // Anthropic's text editor is one tool for all that it does.
    if (/edit/.test(name) && input["command"] === "view") return true;
    if (changes(input)) return false;
  }
  const words = wordsOf(name);
  if (words.some((word) => WRITES.has(word))) return false;
  if ((words.includes("and") || words.includes("or")) && words.some((word) => MAY_WRITE.has(word)))
    return false;
  const verb = words.find((word) => READS.has(word) || MAY_WRITE.has(word));
  return verb !== undefined && READS.has(verb);
}

/** Statements and requests that change something, whatever the tool is called. */
function changes(input: Readonly<Record<string, unknown>>): boolean {
  const { method } = input;
  if (typeof method === "string" && !/^(get|head|options)$/i.test(method)) return true;
  return [input["sql"], input["query"], input["statement"]].some(
    (text) =>
      typeof text === "string" &&
      /(^|;|\))\s*(insert|update|delete|drop|alter|create|merge|truncate|grant|replace|mutation)\b/i.test(
        text,
      ),
  );
}

/** The words of a tool's name; of an MCP tool's, those behind its server. */
function wordsOf(name: string): string[] {
  const own = name.startsWith("mcp__") ? (name.split("__").at(-1) ?? name) : name;
  return own
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/);
}

function globs(patterns: readonly string[]): (name: string) => boolean {
  const all = patterns.map(
    (pattern) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i"),
  );
  return (name) => all.some((one) => one.test(name));
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
