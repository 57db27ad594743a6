/** Projects that break the rules of comments, of package.json, and of what the project owes to others. */
import type { Counterexample } from "./counterexample.ts";

const comments: Counterexample[] = [
  {
    rule: "headers",
    refuses: "a file without a header, or with a long one",
    files: {
      "src/core/a.ts": "export {};",
      "src/core/b.ts": "\n/** Late. */",
      "src/core/c.ts": "// A line.",
      "src/core/d.ts": `/**\n${" * More.\n".repeat(11)} */`,
      "src/core/e.ts": `/**\n${" * More.\n".repeat(10)} */`,
      "src/cli/main.ts": "#!/usr/bin/env node\n/** The command. */",
    },
    at: ["src/core/a.ts:1", "src/core/b.ts:1", "src/core/c.ts:1", "src/core/d.ts:1"],
  },
  {
    rule: "documentation",
    refuses: "an export of which nothing is said",
    files: {
      "src/core/a.ts": [
        "/** The header is not the symbol's. */",
        "export const a = 1;",
        "export function b() {}",
        "/** @default 1 */",
        "export const c = 1;",
        "// Not JSDoc.",
        "export interface D {}",
        "class E {}",
        "export { E };",
        "export type F = 1;",
      ].join("\n"),
      "src/core/b.ts": [
        "/** Header. */",
        'import { a } from "./a.ts";',
        'export { b } from "./a.ts";',
        "export { a };",
        "/** Said. */",
        "export const c = 1;",
        "/** Said, of the first signature. @throws never */",
        "export function d(x: 1): 1;",
        "export function d(x: 2): 2;",
        "export function d(x: unknown) { return x; }",
        "const own = 1;",
        "/** Said where it is declared. */",
        "class E {}",
        "export { E };",
      ].join("\n"),
    },
    at: [2, 3, 5, 7, 8, 10].map((line) => `src/core/a.ts:${line}`),
  },
];

const packages: Counterexample[] = [
  {
    rule: "packageEntries",
    refuses: "an entry that is not there, and one that is not exported",
    files: {
      "package.json": [
        '{ "bin": { "tutti": "./dist/cli/main.js" },',
        '"exports": {',
        '".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" },',
        '"./a": { "types": "./dist/b.d.ts", "default": "./dist/a.js" },',
        '"./gone": "./dist/gone.js",',
        '"./b": "./dist/wire/b.js",',
        '"./package.json": "./package.json" } }',
      ].join("\n"),
      "src/index.ts": "",
      "src/a.ts": "",
      "src/b.ts": "",
      "src/wire/b.ts": "",
    },
    at: ["package.json:1", "package.json:4", "package.json:5", "src/b.ts:1"],
  },
  {
    rule: "scripts",
    refuses: "a script of what is not there",
    files: {
      "package.json": [
        '{ "scripts": {',
        '"build": "tsc -p tsconfig.build.json",',
        '"check": "npm run build && npm run lint",',
        '"soak": "node test/soak.ts",',
        '"test": "node --test \\"test/**/*.test.ts\\""',
        "} }",
      ].join("\n"),
      "tsconfig.build.json": "{}",
    },
    at: ["package.json:3", "package.json:4"],
  },
  {
    rule: "dependencies",
    refuses: "a package that is not used, and one that is not declared",
    files: {
      "package.json": [
        '{ "dependencies": {',
        '"hono": "1",',
        '"unused": "1"',
        '}, "peerDependencies": { "@scope/peer": "1" },',
        '"devDependencies": { "prettier": "1" } }',
      ].join("\n"),
      "src/cli/a.ts": [
        'import { Hono } from "hono/tiny";',
        'import type { P } from "@scope/peer/types";',
        'import { format } from "prettier";',
        'import "node:fs";',
      ].join("\n"),
      "test/a.test.ts": 'import "unused";',
    },
    at: ["package.json:3", "src/cli/a.ts:3"],
  },
  {
    rule: "optionalPeers",
    refuses: "an optional peer that would have to be there",
    files: {
      "package.json": '{ "peerDependenciesMeta": { "redis": { "optional": true } } }',
      "src/model/anthropic-model.ts":
        'import type { A } from "@anthropic-ai/sdk";\nimport { type B } from "@anthropic-ai/sdk";',
      "src/cli/main.ts": 'await import("@anthropic-ai/sdk");\nimport { A } from "@anthropic-ai/sdk";',
      "src/wire/a.ts": 'import type { A } from "@anthropic-ai/sdk";',
      "src/durable/redis.ts": 'import type { R } from "redis";',
    },
    at: ["src/model/anthropic-model.ts:2", "src/cli/main.ts:2", "src/wire/a.ts:1", "src/durable/redis.ts:1"],
  },
  {
    rule: "lockFile",
    refuses: "a lock file that holds only this platform's packages, or names a registry",
    files: {
      "package-lock.json": [
        '{ "packages": {',
        '"node_modules/lint": { "optionalDependencies": {',
        '"@lint/here": "1",',
        '"@lint/there": "1" } },',
        '"node_modules/@lint/here": {',
        '"resolved": "https://registry.example/here.tgz" } } }',
      ].join("\n"),
    },
    at: ["package-lock.json:4", "package-lock.json:6"],
  },
];

const promises: Counterexample[] = [
  {
    rule: "guarantees",
    refuses: "a guarantee that nothing tests, or that nobody gave",
    files: {
      "test/a.test.ts": [
        'test("G1, G2: a batch settles", () => {});',
        'describe("G3: not a test", () => { it(`G4: ${what} is bounded`, () => {}); t.test("G5: x", () => {}); });',
        'test.skip("G6: not run", () => {});',
        'test("of G7", () => {}); // test("G8: said only in a comment")',
        'test("G9, G10: both", () => {});',
        'test("G11: one too many", () => {});',
      ].join("\n"),
    },
    at: ["test/a.test.ts:6", "test:1", "test:1", "test:1", "test:1"],
  },
  {
    rule: "machines",
    refuses: "a path of the machine on which a file was written",
    files: {
      "docs/a.md": `See ${["", "home", "ada", "tutti"].join("/")}.\nSee ./home/ada/tutti, and/or home/ada/tutti.`,
      "src/core/a.ts": `const home = "file://${["", "root", ".npmrc"].join("/")}";`,
      "test/b.json": JSON.stringify(["", "Users", "ada", "tutti"].join("/")),
    },
    at: ["docs/a.md:1", "src/core/a.ts:1", "test/b.json:1"],
  },
];

/** What lies at `at` is found, and nothing else. */
export const PROMISES: readonly Counterexample[] = [...comments, ...packages, ...promises];
