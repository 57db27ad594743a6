/** Projects that break the rules of layers, files and the core's purity. */
import type { Counterexample } from "./counterexample.ts";

const layers: Counterexample[] = [
  {
    rule: "imports",
    refuses: "an import that goes up",
    files: {
      "src/core/a.ts": 'import { b } from "./b.ts";\nimport { w } from "../wire/w.ts";',
      "src/wire/w.ts": 'import { a } from "../core/a.ts";',
    },
    at: ["src/core/a.ts:2"],
  },
  {
    rule: "imports",
    refuses: "a way up as a type, a re-export, or loaded later",
    files: {
      "src/core/a.ts": [
        'import type { W } from "../wire/w.ts";',
        'export type { W } from "../wire/w.ts";',
        'export type V = import("../wire/w.ts").W;',
        'export const w = () => import("../wire/w.ts");',
      ].join("\n"),
    },
    at: ["src/core/a.ts:1", "src/core/a.ts:2", "src/core/a.ts:3", "src/core/a.ts:4"],
  },
  {
    rule: "imports",
    refuses: "a way sideways",
    files: {
      "src/results/r.ts": 'import { w } from "../wire/w.ts";',
      "src/model/m.ts": 'import { a } from "../agent/a.ts";',
      "src/agent/a.ts": 'import { r } from "../results/r.ts";',
      "src/simulator/s.ts": 'import { t } from "../testing/t.ts";',
      "src/cli/c.ts": 'import { s } from "../simulator/s.ts";',
    },
    at: ["src/results/r.ts:1", "src/model/m.ts:1", "src/simulator/s.ts:1"],
  },
  {
    rule: "imports",
    refuses: "a room that imports an entry, or what is not in src",
    files: {
      "src/cli/c.ts": 'import { a } from "../index.ts";\nimport { b } from "../../test/b.ts";',
      "src/index.ts": 'export { a } from "./core/a.ts";',
    },
    at: ["src/cli/c.ts:1", "src/cli/c.ts:2"],
  },
  {
    rule: "pageImports",
    refuses: "a page that knows more of src than traces",
    files: {
      "viewer/src/a.tsx": 'import { b } from "./b.ts";\nimport { t } from "../../src/trace/t.ts";',
      "viewer/src/b.ts": 'import { c } from "../../src/cli/c.ts";\nimport { e } from "../../src/index.ts";',
    },
    at: ["viewer/src/b.ts:1", "viewer/src/b.ts:2"],
  },
  {
    rule: "rooms",
    refuses: "a folder without a level",
    files: { "src/core/a.ts": "", "src/attic/a.ts": "", "src/index.ts": "" },
    at: ["src/attic/a.ts:1"],
  },
  {
    rule: "adapters",
    refuses: "an adapter that knows another",
    files: {
      "src/wire/anthropic-stream.ts":
        'import { a } from "./anthropic-turn.ts";\nimport { o } from "./openai-chat.ts";',
      "src/wire/openai-chat.ts":
        'import { o } from "./openai-usage.ts";\nimport { r } from "./openai-responses.ts";',
      "src/wire/openai-usage.ts": 'import { o } from "./openai-chat.ts";\nimport { w } from "./wire.ts";',
      "src/model/gemini-model.ts":
        'import { g } from "../wire/gemini.ts";\nimport { a } from "../wire/anthropic-turn.ts";',
    },
    at: [
      "src/wire/anthropic-stream.ts:2",
      "src/wire/openai-chat.ts:2",
      "src/wire/openai-usage.ts:1",
      "src/model/gemini-model.ts:2",
    ],
  },
  {
    rule: "adapters",
    refuses: "a seam, or a loop for any provider, that knows an adapter",
    files: {
      "src/agent/loop.ts": 'import type { A } from "../model/anthropic-model.ts";',
      "src/wire/wire.ts": 'import type { A } from "./anthropic-turn.ts";',
      "src/simulator/server.ts": 'import { a } from "./anthropic-messages/protocol.ts";',
      "src/anthropic.ts": 'export { a } from "./model/anthropic-model.ts";',
    },
    at: ["src/agent/loop.ts:1", "src/wire/wire.ts:1"],
  },
  {
    rule: "entries",
    refuses: "an entry with something of its own",
    files: {
      "src/index.ts": 'export { a } from "./core/a.ts";\nexport const b = 1;',
      "src/trace.ts":
        'import { a } from "./trace/a.ts";\nexport { a };\nimport { b } from "./trace/b.ts";\nb();',
      "src/core/a.ts": "export const a = 1;",
    },
    at: ["src/index.ts:2", "src/trace.ts:3", "src/trace.ts:4"],
  },
  {
    rule: "cycles",
    refuses: "a cycle of types, by a detour",
    files: {
      "src/core/a.ts": 'import type { B } from "./b.ts";',
      "src/core/b.ts": 'import { c } from "./c.ts";\nimport { d } from "./d.ts";',
      "src/core/c.ts": 'export type { A } from "./a.ts";',
      "src/core/d.ts": "",
    },
    at: ["src/core/c.ts:1"],
  },
  {
    rule: "cycles",
    refuses: "a file that imports itself",
    files: { "src/core/a.ts": 'import { a } from "./a.ts";' },
    at: ["src/core/a.ts:1"],
  },
];

const files: Counterexample[] = [
  {
    rule: "size",
    refuses: "a file of 500 lines",
    files: {
      "src/core/long.ts": "\n".repeat(499),
      "src/core/refused.ts": "\n".repeat(500),
      "test/a.ts": "\n".repeat(900),
    },
    at: ["src/core/refused.ts:500"],
  },
  {
    rule: "names",
    refuses: "a name that is not kebab-case, or says nothing",
    files: {
      "src/index.ts": "",
      "src/core/index.ts": "",
      "src/core/liveCall.ts": "",
      "src/wire/types.ts": "",
      "src/wire/shared/sse.ts": "",
      "test/support/string-utils.ts": "",
      "test/core/a.property.test.ts": "",
      "src/core/live-call.ts": "",
    },
    at: [
      "src/core/index.ts:1",
      "src/core/liveCall.ts:1",
      "src/wire/types.ts:1",
      "src/wire/shared/sse.ts:1",
      "test/support/string-utils.ts:1",
    ],
  },
  {
    rule: "exportForms",
    refuses: "an export without a name, or without a promise",
    files: {
      "src/core/a.ts": "export default 1;",
      "src/core/b.ts": 'export * from "./a.ts";\nexport * as a from "./a.ts";',
      "src/core/c.ts": "const c = 1;\nexport { c as default };",
      "src/core/d.ts": "export const experimental_d = 1;\nexport const e = 'experimental_';",
    },
    at: ["src/core/a.ts:1", "src/core/b.ts:1", "src/core/b.ts:2", "src/core/c.ts:2", "src/core/d.ts:1"],
  },
];

const purity: Counterexample[] = [
  {
    rule: "coreImports",
    refuses: "a built-in or a package",
    files: {
      "src/core/a.ts": 'import { Validator } from "@cfworker/json-schema";\nimport { b } from "./b.ts";',
      "src/core/b.ts": 'import "node:fs";\nimport type { F } from "fs";\nimport { z } from "zod";',
      "src/limits/c.ts": 'import { b } from "../core/b.ts";\nimport "node:fs";',
      "src/wire/d.ts": 'import "node:fs";',
    },
    at: ["src/core/b.ts:1", "src/core/b.ts:2", "src/core/b.ts:3", "src/limits/c.ts:2"],
  },
  {
    rule: "coreGlobals",
    refuses: "a clock, chance, or the platform",
    files: {
      "src/core/a.ts": [
        "Date.now();",
        "performance.now();",
        "setTimeout(() => {}, 1);",
        "globalThis.setInterval(() => {}, 1);",
        "Math.random();",
        "process.exit();",
        "new Date();",
        "const later = { setImmediate };",
        "const now = Date['now'];",
      ].join("\n"),
      "src/core/b.ts": [
        "// Date.now() is not for core, nor is setTimeout.",
        "clock.setTimeout(1); run.process(2);",
        "const c = { process: 'setTimeout' };",
        "new Date(1); value instanceof Date; Math.max(1, 2);",
        "interface D { setTimeout(): void; process: string }",
        "class E { process() {} }",
      ].join("\n"),
      "src/core/clock.ts": "performance.now();\nsetTimeout(() => {}, 1);\nprocess.hrtime();",
      "src/limits/f.ts": "Math.random();",
      "src/wire/g.ts": "Date.now();",
    },
    at: [1, 2, 3, 4, 5, 6, 7, 8, 9]
      .map((line) => `src/core/a.ts:${line}`)
      .concat("src/core/clock.ts:3", "src/limits/f.ts:1"),
  },
  {
    rule: "coreWords",
    refuses: "a provider's name",
    files: {
      "src/core/a.ts": "// as OpenAI does\nconst x = 'claude-sonnet';\nconst script = 1;",
      "src/core/b.ts": "const model = 'gpt-5';",
      "src/wire/anthropic.ts": "// Anthropic",
    },
    at: ["src/core/a.ts:1", "src/core/a.ts:2", "src/core/b.ts:1"],
  },
];

/** What lies at `at` is found, and nothing else. */
export const STRUCTURE: readonly Counterexample[] = [...layers, ...files, ...purity];
