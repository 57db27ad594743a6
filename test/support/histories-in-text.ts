/** Histories as a text tells them: a title with what is to be said of them, what was said, and a call per line. */
import type { Session } from "../../src/analyze/session.ts";
import { session, type ToldCall, type ToldTurn } from "./told-sessions.ts";

/** A history of such a text. */
export interface TextHistory {
  /** What the histories around it have in common. */
  readonly theme: string;
  readonly title: string;
  /** What stands behind the title: two turns of which one depends on the other (`1-2`), or what is found. */
  readonly mark: string;
  readonly session: Session;
}

/** Reads histories: themes begin with `==`, titles with the margin, and all else with two blanks. */
export function historiesIn(text: string): TextHistory[] {
  const found: TextHistory[] = [];
  let theme = "";
  for (const block of text.split(/\n\n+/)) {
    const [first = "", ...lines] = block.trimEnd().split("\n");
    if (first.startsWith("== ")) {
      theme = first.slice(3);
      continue;
    }
    const [, title = "", mark = ""] = /^(.*) \((.*)\)$/.exec(first) ?? [];
    if (title === "" || lines.length === 0) throw new Error(`no history: ${block}`);
    found.push({ theme, title, mark, session: tell(lines, title) });
  }
  return found;
}

function tell(lines: readonly string[], title: string): Session {
  const said = lines.flatMap((line) => / {2}user: (.*)/.exec(line)?.[1] ?? []).map(unescaped);
  const system = lines.flatMap((line) => / {2}system: (.*)/.exec(line)?.[1] ?? []).map(unescaped);
  const turns: ToldTurn[] = [];
  let text = "";
  for (const line of lines) {
    const [, spoken] = /^ {2}says: (.*)/.exec(line) ?? [];
    if (spoken !== undefined) text = unescaped(spoken);
    if (/^ {2}(user|system|says): /.test(line)) continue;
    const [, tool = "", input = "", result = ""] = /^ {2}([\w-]+) (\{.*?\})(?: => (.*))?$/.exec(line) ?? [];
    if (tool === "") throw new Error(`no call: ${line}`);
    const call: ToldCall = [tool, JSON.parse(input), unescaped(result)];
    turns.push({ text, calls: [call] });
    text = "";
  }
  if (said.length !== 1) throw new Error(`not one request: ${title}`);
  const [prompt = ""] = said;
  const told = session(prompt, turns, title);
  const [first, ...rest] = told.turns;
  if (first === undefined) throw new Error(`no call: ${title}`);
  const instructions = system.map((one) => ({ by: "system" as const, text: one }));
  return { ...told, turns: [{ ...first, said: [...instructions, ...first.said] }, ...rest] };
}

/** A line's `\n` is the end of a line, and `\\` a backslash. */
function unescaped(text: string): string {
  return text.replace(/\\(n|\\)/g, (_, letter: string) => (letter === "n" ? "\n" : "\\"));
}
