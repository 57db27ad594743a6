/** Holds the tables of options in the pages to the types: names, defaults, and that none is forgotten. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeFindings, readRepository } from "./support/architecture/project.ts";
import { parseSource } from "./support/architecture/source-file.ts";
import { checkOptionTables } from "./support/docs/option-tables.ts";
import { DeclaredOptions } from "./support/docs/declared-options.ts";

const SOURCES = {
  "src/index.ts": `
    export type { KettleOptions } from "./kettle.ts";
    export type { HedgeOptions } from "./hedge.ts";
  `,
  "src/kettle.ts": `
    import type { PotOptions } from "./pot.ts";
    export interface KettleOptions extends PotOptions {
      readonly tea: string;
      readonly lid?: undefined;
      /**
       * Whether it whistles.
       *
       * @default "loudly"
       */
      readonly whistle?: string | undefined;
      pour(): void;
    }
  `,
  "src/pot.ts": `
    export interface PotOptions {
      /** Millilitres. @default 1500 */
      readonly volume?: number | undefined;
      /** @default Infinity */
      readonly degrees?: number | undefined;
    }
  `,
  "src/hedge.ts": `
    export type HedgeOptions =
      | { readonly afterMs: number; readonly percentile?: undefined }
      | { readonly percentile: number; readonly afterMs?: undefined };
  `,
};

const KETTLE = [
  "<!-- options: kettle: KettleOptions, HedgeOptions -->",
  "",
  "| option | default | meaning |",
  "| --- | --- | --- |",
  "| kettle `tea` | required | leaves \\| bags |",
  '| kettle `whistle` | `"loudly"` | or softly |',
  "| `kettle.volume` | 1,500 | millilitres |",
  "| kettle `degrees` | none | without limit |",
  "| kettle `pour` | required | a method |",
  "| `afterMs`, `percentile` | none | one of them |",
].join("\n");

function findingsIn(...pages: readonly string[]): string[] {
  const sources = Object.entries(SOURCES).map(([path, text]) => parseSource(path, text));
  const types = new DeclaredOptions(sources, "src/index.ts");
  const texts = new Map(pages.map((text, i) => [`docs/page-${i + 1}.md`, text]));
  return checkOptionTables(texts, types).map(({ path, line, message }) => `${path}:${line} ${message}`);
}

describe("the check of option tables", () => {
  test("a table that is right is left alone", () => {
    assert.deepEqual(findingsIn(KETTLE), []);
  });

  const WRONG = [
    {
      what: "an option that there is not",
      page: KETTLE.replace("`tea`", "`coffee`"),
      found: [
        "docs/page-1.md:5 KettleOptions has no option `coffee`",
        "src/kettle.ts:4 `tea` of KettleOptions is in no table",
      ],
    },
    {
      what: "an option that a type rules out",
      page: `${KETTLE}\n| kettle \`lid\` | none | there is none |`,
      found: ["docs/page-1.md:11 KettleOptions has no option `lid`"],
    },
    {
      what: "a wrong default",
      page: KETTLE.replace("1,500", "1,000"),
      found: ["docs/page-1.md:7 `volume` is said to be 1,000, and is 1500 by src/pot.ts:4"],
    },
    {
      what: "a default in words that the type has otherwise",
      page: KETTLE.replace("loudly", "softly"),
      found: ['docs/page-1.md:6 `whistle` is said to be `"softly"`, and is "loudly" by src/kettle.ts:11'],
    },
    {
      what: "a default of an option that is required",
      page: KETTLE.replace("| required | leaves", "| none | leaves"),
      found: ["docs/page-1.md:5 `tea` is said to be none, and is required by src/kettle.ts:4"],
    },
    {
      what: "an option of another type than the table's",
      page: KETTLE.replace("kettle `degrees`", "`degrees`"),
      found: [
        "docs/page-1.md:8 HedgeOptions has no option `degrees`",
        "src/pot.ts:6 `degrees` of KettleOptions is in no table",
      ],
    },
    {
      what: "a word that tells no type",
      page: KETTLE.replace("kettle `pour`", "pot `pour`"),
      found: [
        'docs/page-1.md:9 "pot" before `pour` tells no type: the mark above the table does not',
        "src/kettle.ts:12 `pour` of KettleOptions is in no table",
      ],
    },
    {
      what: "a type that there is not",
      page: KETTLE.replace("HedgeOptions", "HedgeOptions, TeapotOptions"),
      found: ["docs/page-1.md:3 there is no type TeapotOptions"],
    },
    {
      what: "an option that no page shows",
      page: KETTLE.replace(/\| kettle `degrees`.*\n/, "").replace("`afterMs`, ", ""),
      found: [
        "src/pot.ts:6 `degrees` of KettleOptions is in no table",
        "src/hedge.ts:3 `afterMs` of HedgeOptions is in no table",
      ],
    },
  ];
  for (const { what, page, found } of WRONG)
    test(`${what} is found`, () => assert.deepEqual(findingsIn(page), found));

  test("a table of options without a mark is found, wherever the options are shown besides", () => {
    const unmarked = KETTLE.split("\n").slice(2).join("\n");
    assert.deepEqual(findingsIn(KETTLE, `# Tea\n\n${unmarked}`), [
      "docs/page-2.md:3 does not say whose options these are: <!-- options: … --> above it",
    ]);
  });
});

describe("the pages", () => {
  const { files, src } = readRepository();
  const types = new DeclaredOptions(src, "src/index.ts");

  test("the types of options are found", () => {
    const names = ["AdaptiveOptions", "CircuitOptions", "ExecutorOptions", "Gather", "HedgeOptions"];
    names.push("PoolOptions", "RetryOptions", "ShareOptions", "ThreadToolOptions", "ThreadsOptions");
    for (const name of names) {
      assert.ok(types.names.includes(name), `${name} is not exported`);
      assert.ok((types.find(name)?.size ?? 0) > 0, `${name} has no options`);
    }
    assert.equal(types.find("ExecutorOptions")?.get("graceMs")?.default, "1000");
  });

  test("their tables name every option, and none that there is not, with its default", () => {
    const pages = new Map([...files].filter(([path]) => /^(?:docs\/[^/]*|README)\.md$/.test(path)));
    const findings = checkOptionTables(pages, types);
    if (findings.length > 0) assert.fail(`tables and types differ:\n${describeFindings(findings)}`);
  });
});
