/** Shell commands: whether one only reads, and what it asks for. What does not plainly read, may write. */

/** A command of a pipe or list, as words without their quotes. */
type Words = readonly string[];

const always = () => true;
const without =
  (...flags: readonly string[]) =>
  (words: Words): boolean =>
    !words.some((word) => flags.some((flag) => word === flag || word.startsWith(`${flag}=`)));

const GIT_READS = new Set(
  "status log diff show ls-files ls-tree grep blame rev-parse describe shortlog cat-file rev-list".split(" "),
);

/** Commands that read, as long as their words allow it. */
const READS: ReadonlyMap<string, (words: Words) => boolean> = new Map<string, (words: Words) => boolean>([
  ..."cat ls grep egrep fgrep head tail wc pwd echo printf which type whoami uname id stat du df nl basename dirname realpath readlink cut tr diff cmp jq column comm true test"
    .split(" ")
    .map((name) => [name, always] as const),
  ["rg", without("--pre", "--hostname-bin")],
  ["tree", without("-o")],
  ["sort", (words) => !words.some((word) => /^(-[a-zA-Z]*o|--output|--compress-program)/.test(word))],
  ["uniq", (words) => words.filter((word) => !word.startsWith("-")).length <= 1],
  ["env", (words) => words.length === 0],
  ["date", (words) => words.every((word) => word.startsWith("+") || word === "-u")],
  ["file", without("-C", "--compile")],
  [
    "find",
    without("-exec", "-execdir", "-ok", "-okdir", "-delete", "-fprint", "-fprint0", "-fprintf", "-fls"),
  ],
  ["sed", isPrinting],
  ["git", isReadingGit],
]);

/** Whether a command, with everything it is piped into and all that follows it, only reads. */
export function isReadOnlyCommand(command: string): boolean {
  const commands = splitCommand(command)?.commands ?? [];
  return commands.length > 0 && commands.every(([name = "", ...words]) => READS.get(name)?.(words) === true);
}

/** The words of a command that only reads, with its operators, and with where its errors go. */
export function wordsOfCommand(command: string): readonly string[] {
  const { commands, operators } = splitCommand(command) ?? { commands: [], operators: [] };
  return commands.flatMap((words, i) => [...words, operators[i] ?? ""]);
}

/** Errors that go nowhere, or where the rest goes. */
const QUIET_ERRORS = /\s?2>\s?(\/dev\/null|&1)/g;

function isPrinting(words: Words): boolean {
  const [flag, script = ""] = words;
  return (
    flag === "-n" &&
    /^(\d+|\$)?(,(\d+|\$))?p$/.test(script) &&
    !words.slice(2).some((word) => word.startsWith("-"))
  );
}

function isReadingGit(words: Words): boolean {
  let at = 0;
  while (words[at] === "-C" || words[at] === "--no-pager") at += words[at] === "-C" ? 2 : 1;
  const rest = words.slice(at + 1);
  return (
    GIT_READS.has(words[at] ?? "") &&
    !rest.some((word) => /^(--output|-O|--open-files-in-pager|--ext-diff)/.test(word))
  );
}

/** A text in quotes, in which nothing is run. */
const QUOTED = /'[^']*'|"(?:[^"\\`$]|\\[^]|\$(?!\())*"/y;

/** A line, taken apart. */
interface Line {
  readonly commands: readonly (readonly string[])[];
  /** What stands behind each command, with where its errors go. */
  readonly operators: readonly string[];
}

/** The commands of a line: undefined where there is a redirection, a substitution, a group, or anything in the background. */
function splitCommand(text: string): Line | undefined {
  const quiet = text.match(QUIET_ERRORS)?.join(" ") ?? "";
  const line = text.replace(QUIET_ERRORS, "");
  const commands: string[][] = [[]];
  const operators: string[] = [];
  const endOf = /&&|\|\||[|;\n]/y;
  let at = 0;
  while (at < line.length) {
    endOf.lastIndex = at;
    const end = endOf.exec(line)?.[0];
    if (end !== undefined) {
      if (commands.at(-1)?.length !== 0) {
        commands.push([]);
        operators.push(end);
      }
      at += end.length;
    } else if (/\s/.test(line[at] as string)) at++;
    else {
      const word = takeWord(line, at);
      if (word === undefined) return undefined;
      commands.at(-1)?.push(word.text);
      at = word.end;
    }
  }
  const found = commands.filter((words) => words.length > 0);
  return { commands: found, operators: [...operators.slice(0, found.length - 1), quiet] };
}

function takeWord(line: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let text = "";
  let at = start;
  while (at < line.length && !/[\s|;&]/.test(line[at] as string)) {
    const character = line[at] as string;
    if (/[<>`()]/.test(character) || line.startsWith("$(", at) || (character === "#" && at === start))
      return undefined;
    if (character === "\\") {
      text += line[at + 1] ?? "";
      at += 2;
    } else if (character === "'" || character === '"') {
      QUOTED.lastIndex = at;
      const quoted = QUOTED.exec(line)?.[0];
      if (quoted === undefined) return undefined;
      text += quoted.slice(1, -1);
      at += quoted.length;
    } else {
      text += character;
      at++;
    }
  }
  // A lone & sends a command into the background.
  if (line[at] === "&" && line[at + 1] !== "&") return undefined;
  return at === start ? undefined : { text, end: at };
}
