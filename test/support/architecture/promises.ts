/** What the project owes to others: a test for each guarantee, and nothing of the machine on which it was written. */
import type { Node } from "oxc-parser";
import { lineFindings, type Finding, type Project, type Rule } from "./project.ts";
import { literalText, walk } from "./source-file.ts";

/** The guarantees of the contract, by name. */
const GUARANTEES: Readonly<Record<string, string>> = {
  G1: "closed",
  G2: "isolated",
  G3: "ordered",
  G4: "bounded",
  G5: "prompt",
  G6: "cancellable",
  G7: "honest",
  G8: "deterministic bytes",
  G9: "never truncated",
  G10: "clean",
};

/** Tests of guarantees. */
export const guarantees: Rule = {
  title: "every guarantee has a test whose title begins with its name",
  check: (project) => {
    const tested = testedGuarantees(project);
    const known = new Set(tested.map(({ name }) => name));
    return [
      ...Object.entries(GUARANTEES)
        .filter(([name]) => !known.has(name))
        .map(([name, word]) => ({ path: "test", line: 1, message: `${name} (${word}) has no test` })),
      ...tested
        .filter(({ name }) => GUARANTEES[name] === undefined)
        .map(({ path, line, name }) => ({ path, line, message: `there is no guarantee ${name}` })),
    ];
  },
};

/** Paths in somebody's home. */
export const machines: Rule = {
  title: "no file names a path in somebody's home",
  check: ({ files }) =>
    lineFindings(
      [...files].filter(([, text]) => !text.includes("\0")),
      /(?<![\w.~-])\/(?:root|(?:home|Users)\/[\w-]+)\//,
      (match) => `says ${match}`,
    ),
};

/** The guarantees named at the start of test titles: `"G3: …"`, `"G3, G5: …"`. */
function testedGuarantees({ test }: Project): Array<Finding & { readonly name: string }> {
  const found: Array<Finding & { readonly name: string }> = [];
  for (const { path, program, lineOf } of test.filter((file) => file.path.endsWith(".test.ts"))) {
    walk(program, (node) => {
      if (node.type !== "CallExpression" || !isTest(node.callee)) return;
      const title = literalText(node.arguments[0]) ?? "";
      const names = /^((?:G\d+, )*G\d+): /.exec(title)?.[1]?.split(", ") ?? [];
      for (const name of names) found.push({ path, line: lineOf(node.start), message: title, name });
    });
  }
  return found;
}

/** `test(…)`, `it(…)` or `t.test(…)`; not `test.skip(…)` and `test.todo(…)`, which show nothing. */
function isTest(callee: Node): boolean {
  if (callee.type === "Identifier") return callee.name === "test" || callee.name === "it";
  return (
    callee.type === "MemberExpression" &&
    callee.property.type === "Identifier" &&
    callee.property.name === "test"
  );
}
