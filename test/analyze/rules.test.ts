/** What counts as missed parallelism, rule by rule, on histories whose answer a person would give. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import { missed, session, type ToldTurn } from "../support/told-sessions.ts";

/** A history's name, its prompt, its turns, and what is to be found in it. */
type Case = readonly [title: string, prompt: string, turns: readonly ToldTurn[], found: readonly string[]];

const listing = "README.md\npackage.json\nsrc\ntest";

const cases: readonly Case[] = [
  [
    "the same tool with values that the user named is certain",
    "Compare the weather in Oslo, Bergen and Tromsø",
    [
      [["get_weather", { city: "Oslo" }, "12 degrees"]],
      [["get_weather", { city: "Bergen" }, "9 degrees"]],
      [["get_weather", { city: "Tromsø" }, "3 degrees"]],
    ],
    ["1+2+3 certain"],
  ],
  [
    "another tool with a value that the user named is likely, though results repeat it",
    "The profile and the orders of customer 1234, please",
    [
      [["get_profile", { customer_id: "1234" }, '{"id":"1234","name":"Ada"}']],
      [["get_orders", { customer_id: "1234" }, '[{"id":9,"total":30}]']],
    ],
    ["1+2 likely"],
  ],
  [
    "a search, then a file that the user named, by another tool, may be a choice",
    "Where is parseDate used, and what does src/date.ts say of it?",
    [
      [["grep", { pattern: "parseDate" }, "src/form.ts:12: parseDate(value)"]],
      [["read_file", { path: "src/date.ts" }]],
    ],
    [],
  ],
  [
    "a file that a listing named is not missed",
    "What is this project?",
    [[["list_dir", { path: "." }, listing]], [["read_file", { path: "README.md" }]]],
    [],
  ],
  [
    "files of a listing, read one after the other, may have been chosen",
    "What is this project?",
    [
      [["list_dir", { path: "." }, listing]],
      [["read_file", { path: "README.md" }, "A thing that does things."]],
      [["read_file", { path: "package.json" }, "Name and version."]],
    ],
    [],
  ],
  [
    "but are likely where people want all of them, and they are read in the listing's order",
    "Read all files of this project",
    [
      [["list_dir", { path: "." }, "README.md\nbuild.sh\nmain.ts\npackage.json"]],
      [["read_file", { path: "README.md" }, "A thing that does things."]],
      [["read_file", { path: "build.sh" }, "make it"]],
      [["read_file", { path: "package.json" }, "Name and version."]],
    ],
    ["2+3 likely"],
  ],
  [
    "a file of a listing that another file points at is not missed: the model may have followed it",
    "What is this project?",
    [
      [["list_dir", { path: "." }, "a.ts\nb.ts"]],
      [["read_file", { path: "a.ts" }, 'import { b } from "./b.ts";']],
      [["read_file", { path: "b.ts" }]],
    ],
    [],
  ],
  [
    "a cursor from a result is a dependency",
    "All orders, please",
    [
      [["list_orders", { cursor: "start" }, '{"next":"c_81x"}']],
      [["list_orders", { cursor: "c_81x" }, "{}"]],
    ],
    [],
  ],
  [
    "an offset is, unless it comes next in people's list",
    "The rows from 0 and the rows from 50",
    [[["get_rows", { offset: 0 }, "alpha beta"]], [["get_rows", { offset: 50 }, "gamma delta"]]],
    [],
  ],
  [
    "a number from nowhere may have been worked out",
    "What is twice the sum?",
    [[["get_sum", { of: "all" }, "It is 21"]], [["get_sum", { of: 42 }, "Forty-two"]]],
    [],
  ],
  [
    "how much is wanted at most may be from a result, unless it is as before",
    "Look for harbour and lantern",
    [[["search", { query: "harbour" }, "ships"]], [["search", { query: "lantern", limit: 25 }, "light"]]],
    [],
  ],
  [
    "words of the model's own may be from anywhere",
    "Which is colder?",
    [[["get_weather", { city: "Oslo" }, "12 degrees"]], [["get_weather", { city: "Bergen" }, "9 degrees"]]],
    [],
  ],
  [
    "but beside a name that the user listed with one that was asked for, they are likely",
    "How warm is it in Oslo and Bergen?",
    [
      [["get_weather", { place: "Oslo, Norway" }, "12 degrees"]],
      [["get_weather", { place: "Bergen, Vestland" }, "9 degrees"]],
      [["get_weather", { place: "Tromsø, Troms" }, "4 degrees"]],
    ],
    ["1+2 likely"],
  ],
  [
    "and beside a name that the user said and the model announced before it read anything",
    "How many tokens of Zephyr-7B does each board hold?",
    [
      {
        text: "I'll look up the boards, and the layers of Zephyr-7B.",
        calls: [["web_search", { query: "memory of boards" }, "Zephyr runs on all of them."]],
      },
      [["web_search", { query: "Zephyr 7B hidden layers" }, "32"]],
    ],
    ["1+2 likely"],
  ],
  [
    "where no call was like it, they are not",
    "What is this project?",
    [[["list_things", { kind: "all" }, "three of them"]], [["read_file", { path: "README.md" }]]],
    [],
  ],
  [
    "a search in other words is a refinement",
    "Who won?",
    [
      [["web_search", { query: "chess world championship winner" }, "many pages"]],
      [["web_search", { query: "chess world championship winner name" }, "more pages"]],
    ],
    [],
  ],
  [
    "what follows a failure is a reaction",
    "Compare Oslo and Bergen",
    [
      [["get_weather", { city: "Oslo" }, "the station is closed", { isError: true }]],
      [["get_weather", { city: "Bergen" }]],
    ],
    [],
  ],
  [
    "so is what follows a result that only reads like one, or an empty one",
    "Find alpha, beta and gamma",
    [
      [["grep", { pattern: "alpha" }, "Error: too many files"]],
      [["grep", { pattern: "beta" }, "No matches found"]],
      [["grep", { pattern: "gamma" }, "[]"]],
      [["grep", { pattern: "alpha", path: "src" }]],
    ],
    [],
  ],
  [
    "what writes is never missed, nor what follows it",
    "Write a.txt, read b.txt and c.txt",
    [
      [["read_file", { path: "b.txt" }, "one"]],
      [["write_file", { path: "a.txt", content: "x" }, "done"]],
      [["read_file", { path: "c.txt" }, "two"]],
    ],
    [],
  ],
  [
    "a tool of which nothing is known may write",
    "Frobnicate Oslo and Bergen",
    [[["frobnicate", { city: "Oslo" }]], [["frobnicate", { city: "Bergen" }]]],
    [],
  ],
  [
    "a chain ends where the user speaks",
    "The weather in Oslo and Bergen",
    [[["get_weather", { city: "Oslo" }]], "Yes, Bergen too", [["get_weather", { city: "Bergen" }]]],
    [],
  ],
  [
    "what a text reasons from a result is not missed",
    "Oslo, Bergen",
    [
      [["get_weather", { city: "Oslo" }, "12 degrees"]],
      {
        text: "Since that shows rain, on to the next.",
        calls: [["get_weather", { city: "Bergen" }, "9 degrees"]],
      },
    ],
    [],
  ],
  [
    "a text that cites what a result told reasons, too",
    "Which is colder?",
    [
      [["get_weather", { city: "Oslo" }, "Station N-0417 says 12 degrees"]],
      { text: "Station N-0417 answers; next.", calls: [["get_weather", { city: "Bergen" }]] },
    ],
    [],
  ],
  [
    "the same call again waits for the world, not for a value",
    "Is build 7 done?",
    [[["get_status", { build: 7 }, "going"]], [["get_status", { build: 7 }, "going still"]]],
    [],
  ],
  [
    "all calls of a turn count, or none",
    "Oslo, Bergen",
    [
      [["get_weather", { city: "Oslo" }, "station st-81x"]],
      [
        ["get_weather", { city: "Bergen" }],
        ["get_station", { id: "st-81x" }],
      ],
    ],
    [],
  ],
  [
    "commands that only read are reads; what a command is called is no value",
    "Show the log of a.ts and b.ts",
    [
      [["bash", { command: "git log --oneline a.ts", description: "The first" }, "one commit"]],
      [["bash", { command: "git log --oneline b.ts" }, "two commits"]],
    ],
    ["1+2 certain"],
  ],
  [
    "commands that do anything else are not",
    "What changed?",
    [[["bash", { command: "git fetch && git status" }, "clean"]], [["bash", { command: "git log" }]]],
    [],
  ],
  [
    "a result that was not recorded says nothing",
    "Oslo, Bergen",
    [[["get_weather", { city: "Oslo" }, "", { result: undefined }]], [["get_weather", { city: "Bergen" }]]],
    [],
  ],
];

describe("missed parallelism", () => {
  for (const [title, prompt, turns, found] of cases) {
    test(title, () => assert.deepEqual(missed(session(prompt, turns)), found));
  }

  test("globs say what tools do, whatever their names say", () => {
    const told = session("Frobnicate Oslo and Bergen", [
      [["frobnicate", { city: "Oslo" }]],
      [["frobnicate", { city: "Bergen" }]],
    ]);
    assert.deepEqual(missed(told, { reads: ["frob*"] }), ["1+2 certain"]);
    assert.deepEqual(missed(told, { reads: ["*"], writes: ["frob*"] }), []);
  });

  test("evidence says where each value was known from", () => {
    const told = session("Compare the weather in all cities", [
      [["list_cities", {}, "Oslo, Molde"]],
      [["get_weather", { city: "Oslo" }, "12 degrees"]],
      [["get_weather", { city: "Molde" }, "9 degrees"]],
    ]);
    const [chain] = analyzeSessions([told]).missed;
    assert.deepEqual(chain?.turns[1]?.evidence, [
      {
        call: 0,
        key: "city",
        value: "Molde",
        origin: { from: "result", turn: 1 },
        isPieced: false,
        likeTurn: 2,
      },
    ]);
  });
});
