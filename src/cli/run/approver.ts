/** Who says whether calls that need approval may run: the command line, the tools file, or the user in the terminal. */
import type { ApprovalContext, Approve, Decision } from "../../core/approvals.ts";
import type { Call } from "../../core/call.ts";
import { isObject } from "../../core/is-object.ts";
import { toText } from "../../results/text.ts";
import { describeCall } from "../call-words.ts";
import type { Colours } from "../colours.ts";
import { visible } from "../../trace/visible.ts";
import type { Questions } from "./questions.ts";
import type { Transcript } from "./transcript.ts";

/** What the command line may say. */
export type ApproveFlag = "ask" | "all" | "none";

/** Who else there is. */
export interface Approvers {
  /** The tools file's own. */
  readonly own: Approve | undefined;
  /** Undefined where there is no terminal. */
  readonly questions: Questions | undefined;
  readonly transcript: Transcript;
  readonly colours: Colours;
}

/** The `approve` of a run: as the command line says, or else the file's own, or else the user is asked. */
export function chooseApprove(flag: ApproveFlag | undefined, approvers: Approvers): Approve {
  const { own, questions } = approvers;
  if (flag === "all") return () => "allow";
  if (flag === "none") return () => "deny";
  if (flag === undefined && own !== undefined) return own;
  return questions === undefined ? denyAll(approvers) : askUser(questions, approvers);
}

/** It says so once, as it happens: a run may never come to it. */
function denyAll({ transcript, colours }: Approvers): Approve {
  const reason = "there is no terminal to ask in";
  let told = false;
  return () => {
    if (!told)
      transcript.line(
        colours.yellow(`! calls that need approval are denied: ${reason}; --approve all allows them`),
      );
    told = true;
    throw new Error(reason);
  };
}

const DECISIONS: ReadonlyMap<string, Decision> = new Map([
  ["y", "allow"],
  ["yes", "allow"],
  ["n", "deny"],
  ["no", "deny"],
  ["a", "always"],
  ["always", "always"],
]);

const WORDS: Readonly<Record<Decision, string>> = { allow: "yes", deny: "no", always: "always" };

/** Asks about one call after the other. "Always" holds for the run. */
function askUser(questions: Questions, { transcript, colours }: Approvers): Approve {
  const always = new Set<string>();
  const ask = async (call: Call, context: ApprovalContext): Promise<Decision> => {
    if (always.has(call.name)) return "allow";
    transcript.endLine();
    const question = renderQuestion(call, { ...context, colours });
    for (;;) {
      const said = await questions.ask(question, context.signal);
      // Nobody waits for the answer any more.
      if (context.signal.aborted) return "deny";
      // The end of the input, or Ctrl-D.
      const decision = said === undefined ? "deny" : DECISIONS.get(said.trim().toLowerCase());
      if (decision === undefined) continue;
      if (decision === "always") always.add(call.name);
      transcript.line(`${colours.yellow("?")} ${describeCall(call)} ${colours.dim(WORDS[decision])}`);
      return decision;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return (call, context) => {
    const answer = last.then(() => ask(call, context));
    last = answer.catch(() => {});
    return answer;
  };
}

/** The tool, all of its input, and what can be answered. */
function renderQuestion(
  call: Call,
  { calls, colours }: Pick<ApprovalContext, "calls"> & Pick<Approvers, "colours">,
): string[] {
  const { yellow, bold, dim } = colours;
  const place = calls.length > 1 ? dim(` ${calls.indexOf(call) + 1} of ${calls.length}`) : "";
  return [
    `${yellow("?")} ${bold(call.name)}${place}`,
    ...renderInput(call.input).map((line) => `    ${visible(line, "")}`),
    `  ${bold("[y]es / [n]o / [a]lways")} ${yellow("▸")} `,
  ];
}

function renderInput(input: unknown): string[] {
  if (!isObject(input)) return input === undefined ? [] : [valueText(input)];
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  return entries.map(([name, value]) => `${name}: ${valueText(value)}`);
}

/** Strings in quotes, so that none looks like anything else. */
function valueText(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : toText(value);
}
