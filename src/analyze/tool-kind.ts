/**
 * Whether a call reads or may write, told by the tool's name, and for shells, SQL and HTTP by what is in the input. What
 * cannot be told may write: then nothing is said of it.
 */
import { isObject } from "../core/is-object.ts";
import type { SessionCall } from "./session.ts";
import { scalarsIn } from "./scalars.ts";
import { isReadOnlyCommand } from "./shell-command.ts";
import { isReadingStatement, statementIn } from "./sql.ts";

/** Which tools are known to read or write, beyond what their names say. Names, with `*` for anything. */
export interface ToolKinds {
  readonly reads?: readonly string[] | undefined;
  readonly writes?: readonly string[] | undefined;
}

/** Verbs that write wherever they stand in a name. */
const WRITES = wordSet(
  "write edit create delete remove replace modify insert upload rename execute exec apply patch overwrite append drop destroy deploy install kill " +
    "answer ask confirm clarify login logout signin checkout checkin browse navigate goto click",
);
/** Words that write as verbs and are things as well: `commit_changes`, but `get_commit`. */
const MAY_WRITE = wordSet(
  "send run bash shell terminal command update set put post move copy commit push submit book cancel pay start stop add save store make order buy assign close open clear reset connect type sleep wait call invoke todo task agent transfer",
);
const READS = wordSet(
  "read get list ls search fetch view find query lookup look glob grep show describe cat head tail stat status check count inspect retrieve websearch webfetch readfile listdir weather calculate compute calculator translate geocode wikipedia",
);
/** What is converted without anything being written. */
const COMPUTED = wordSet("currency currencies unit units temperature timezone");
/** Words that read as verbs and are things as well: `list_add` adds to a list, and `check_in` is no check. */
const THINGS = wordSet("list ls check view status stat count query");
const CHANGES_THINGS = wordSet(
  "add clear update set put save send cancel close start stop submit reset in out off",
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
    if (isChangingRequest(input)) return false;
    const statement = statementOf(call);
    if (statement !== undefined) return isReadingStatement(statement);
  }
  const words = wordsOf(name);
  if (words.includes("convert") && words.some((word) => COMPUTED.has(word))) return true;
  if (words.includes("git") && words.some((word) => /^(fetch|pull)$/.test(word))) return false;
  if (words.some((word) => WRITES.has(word))) return false;
  if ((words.includes("and") || words.includes("or")) && words.some((word) => MAY_WRITE.has(word)))
    return false;
  const at = words.findIndex((word) => READS.has(word));
  if (THINGS.has(words[at] ?? "") && words.slice(at + 1).some((word) => CHANGES_THINGS.has(word)))
    return false;
  const verb = words.find((word) => READS.has(word) || MAY_WRITE.has(word));
  return verb !== undefined && READS.has(verb);
}

/** Requests that change something, whatever the tool is called, and however deep the method stands. */
function isChangingRequest(input: Readonly<Record<string, unknown>>): boolean {
  return scalarsIn(input).some(
    ({ key, value }) =>
      /^(http_?)?(method|verb)$/i.test(key) &&
      typeof value === "string" &&
      !/^(get|head|options)$/i.test(value),
  );
}

/** The statement of a call, if its input has one. */
function statementOf({ name, input }: SessionCall): string | undefined {
  return scalarsIn(input)
    .map(({ key, value }) => (typeof value === "string" ? statementIn(key, value, name) : undefined))
    .find((one) => one !== undefined);
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
