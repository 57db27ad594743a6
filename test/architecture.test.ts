/**
 * Holds the house to its plan: layers, names, sizes, the purity of the core, what is documented, and what package.json
 * says. Each rule is first shown to refuse what it is for.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { longFiles } from "./support/architecture/files.ts";
import { createProject, describeFindings, readRepository } from "./support/architecture/project.ts";
import { PROMISES } from "./support/architecture/promise-counterexamples.ts";
import { RULES } from "./support/architecture/rules.ts";
import { STRUCTURE } from "./support/architecture/structure-counterexamples.ts";

describe("the rules of the house", () => {
  const counterexamples = [...STRUCTURE, ...PROMISES];

  for (const { rule, refuses, files, at } of counterexamples) {
    test(`${rule}: ${refuses} is found`, () => {
      const project = createProject(new Map(Object.entries(files)));
      const found = RULES[rule].check(project).map(({ path, line }) => `${path}:${line}`);
      assert.deepEqual(found.sort(), [...at].sort());
    });
  }

  test("every rule has a counterexample", () => {
    const shown = new Set(counterexamples.map(({ rule }) => rule));
    assert.deepEqual([...shown].sort(), Object.keys(RULES).sort());
  });
});

describe("the house", () => {
  const house = readRepository();

  for (const rule of Object.values(RULES)) {
    test(rule.title, () => {
      const findings = rule.check(house);
      if (findings.length > 0) assert.fail(`${rule.title}, except:\n${describeFindings(findings)}`);
    });
  }

  test("long files are few, and told", (context) => {
    for (const file of longFiles(house)) context.diagnostic(file);
  });
});
