/**
 * A coding agent's turn: a slow search, reads, a read that fails, two edits of one file, which must come in order, an edit
 * of another, and tests that must see all edits.
 */
import { z } from "zod";
import { standIn, type SceneScript } from "./scene.ts";

const FILES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "acme", "version": "2.0.3" }',
  "CHANGELOG.md": "# Changelog\n\n## 2.0.3\n\n- Fixed a crash on empty input\n",
};

const path = z.string();
const fileOf = (name: string) => ["file", ...name.split("/")];

/** "Release version 2.1.0". */
export const RELEASE_SCENE: SceneScript = {
  name: "release",
  prompt: "Release version 2.1.0 once nothing is open any more",
  scenario: {
    timeToFirstTokenMs: 400,
    tokensPerSecond: 170,
    turns: [
      {
        text: "I'll check the milestone, bump the version, write the changelog and run the tests.",
        calls: [
          { name: "search_issues", input: { query: "is:open 2.1" } },
          { name: "read_file", input: { path: "docs/release.md" } },
          { name: "read_file", input: { path: "CHANGELOG.md" } },
          { name: "edit_file", input: { path: "package.json", find: "2.0.3", replace: "2.1.0" } },
          {
            name: "edit_file",
            input: { path: "CHANGELOG.md", find: "# Changelog", replace: "# Changelog\n\n## 2.1.0" },
          },
          {
            name: "edit_file",
            input: { path: "CHANGELOG.md", find: "## 2.1.0", replace: "## 2.1.0\n\n- Dark mode" },
          },
          { name: "run_tests", input: {} },
        ],
      },
      {
        text:
          "Nothing is open for 2.1.0. The version and the changelog are updated, and all 212 tests pass. There is no " +
          "release guide, so I followed the changelog. Shall I tag it?",
      },
    ],
  },
  tools: [
    standIn({
      name: "search_issues",
      description: "Searches the issue tracker.",
      input: z.object({ query: z.string() }),
      effects: () => ({ reads: ["issues"] }),
      ms: 1300,
      answer: () => ({ total: 0, issues: [] }),
    }),
    standIn({
      name: "read_file",
      description: "Reads a file of the repository.",
      input: z.object({ path }),
      effects: (input) => ({ reads: [fileOf(input.path)] }),
      ms: 150,
      answer: (input) => {
        const text = FILES[input.path];
        if (text === undefined) throw new Error(`there is no file ${input.path}`);
        return text;
      },
    }),
    standIn({
      name: "edit_file",
      description: "Replaces a text in a file of the repository.",
      input: z.object({ path, find: z.string(), replace: z.string() }),
      effects: (input) => ({ writes: [fileOf(input.path)] }),
      ms: 200,
      answer: (input) => `edited ${input.path}`,
    }),
    standIn({
      name: "run_tests",
      description: "Runs the tests of the repository as it is.",
      input: z.object({}),
      // All files: it runs after the edits that come before it.
      effects: () => ({ reads: ["file"] }),
      ms: 500,
      answer: () => ({ passed: 212, failed: 0 }),
    }),
  ],
};
