/** What is wrong with a scenario, in one line: where, what was expected there, what came. The checking is zod's. */
import { z } from "zod";
import { show } from "../core/options.ts";

/** An object that says which fields it knows when it meets another. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape, what = "an object") {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" ? `only the fields ${known}` : what),
  });
}

/** One line: where, what was expected, what came. A misspelt field comes before the one that it leaves missing. */
export function wordIssues(issues: readonly z.core.$ZodIssue[]): string {
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue === undefined) return "not a scenario";
  const path = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("");
  const place = path.replace(/^\./, "") || "the top level";
  const came = cameOf(issue);
  return `${place}: expected ${expectation(issue)}, got ${came}`;
}

function cameOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => show(key)).join(", ");
  const input = issue.path.at(-1) === "kind" && isRecord(issue.input) ? issue.input["kind"] : issue.input;
  return input === undefined ? "nothing" : show(input);
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.message;
    case "invalid_type":
      return issue.expected === "object" ? issue.message : a(issue.expected);
    case "invalid_value":
      return issue.values.map((value) => show(value)).join(" or ");
    case "too_small":
      return least(issue);
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_union":
      return issue.discriminator === undefined
        ? "a number above 0"
        : '"status", "cut", "error-event" or "token-limit"';
    case "custom":
    case "invalid_element":
    case "invalid_format":
    case "invalid_key":
    case "not_multiple_of":
      return issue.message;
  }
}

function least(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === "string") return "a text that is not empty";
  if (issue.origin === "array") return "at least one entry";
  return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
}

function a(type: string): string {
  const names: Record<string, string> = {
    string: "a text",
    array: "a list",
    record: "an object",
    int: "an integer",
  };
  return names[type] ?? `a ${type}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
