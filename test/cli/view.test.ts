import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseScenario } from "../../src/simulator/scenario-file.ts";
import { buildViewer } from "../../viewer/build.ts";
import { tutti } from "../support/command-line.ts";
import { simulate } from "../support/simulators.ts";
import { checkoutTrace } from "../support/viewer/checkout-scene.ts";
import { listenTo } from "../support/viewer/stream.ts";
import { traceFolder, type TraceFolder } from "../support/viewer/trace-file.ts";

const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const exampleScenario = new URL("../../examples/scenarios/customer-360.yaml", import.meta.url);
const exampleTools = fileURLToPath(new URL("../../examples/tools.ts", import.meta.url));

let folder: TraceFolder;
before(async () => {
  await buildViewer({ ifChanged: true });
  folder = traceFolder();
});
after(() => folder.remove());

/** Starts a command, looks at the page it names once `isReady`, and interrupts it. */
async function viewWhile<Seen>(
  args: readonly string[],
  look: (link: string) => Promise<Seen>,
  isReady: (stdout: string) => boolean = (stdout) => LINK.test(stdout),
) {
  let seen: Promise<Seen> | undefined;
  const finished = await tutti(args, {
    onOutput: (stdout, child) => {
      if (seen !== undefined || !isReady(stdout)) return;
      seen = look(LINK.exec(stdout)?.[0] ?? "").finally(() => child.kill("SIGINT"));
    },
  });
  return { ...finished, seen: await seen };
}

describe("tutti view", { concurrency: 2 }, () => {
  test("serves a trace at the link it prints, and stops on Ctrl-C", async () => {
    const path = folder.write("a.jsonl", await checkoutTrace());
    const { code, stdout, stderr, seen } = await viewWhile(["view", path], async (link) => {
      const page = await listenTo(link);
      await page.until((events) => events.some(({ type }) => type === "run.ended"));
      await page.close();
      return page.opened;
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(seen, { name: "a.jsonl", kind: "file" });
    assert.match(stdout, /Ctrl-C stops it\.\n$/);
  });

  test("serves two, to compare", async () => {
    const [one, two] = [folder.write("1.jsonl", ""), folder.write("2.jsonl", "")];
    const { seen } = await viewWhile(["view", one, two], async (link) => {
      const url = new URL(link);
      return (await fetch(`${url.origin}/traces${url.search}`)).json();
    });
    assert.deepEqual(seen, [
      { name: "1.jsonl", kind: "file" },
      { name: "2.jsonl", kind: "file" },
    ]);
  });

  test("says in one line what is wrong with a file", async () => {
    const none = await tutti(["view", "not-there.jsonl"]);
    assert.deepEqual([none.code, none.stderr], [2, "tutti: trace not-there.jsonl: there is no such file\n"]);
    const path = folder.write("prose.txt", "This is prose.\n");
    const prose = await tutti(["view", path]);
    assert.equal(prose.code, 2);
    assert.match(prose.stderr, /^tutti: trace .*prose\.txt: this is no trace: no line of it is an event\n$/);
  });
});

test("tutti run --view shows the run, and stays until Ctrl-C", async (context) => {
  const scenario = parseScenario(await readFile(exampleScenario, "utf8"));
  const { simulator } = await simulate(context, [{ text: "unused" }], { scenario });
  const { code, stdout, stderr, seen } = await viewWhile(
    ["run", "The full picture?", "--tools", exampleTools, "--base-url", simulator.url, "--view"],
    async (link) => {
      const page = await listenTo(link);
      await page.until((events) => events.some(({ type }) => type === "run.ended"));
      await page.close();
      return page.opened;
    },
    (text) => text.includes("The run is over."),
  );
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(seen, { name: "The full picture?", kind: "live" });
  assert.match(stdout, /^shown at http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  assert.match(stdout, /The run is over\. The page shows it until Ctrl-C\.\n$/);
});
