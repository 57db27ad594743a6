import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { tutti } from "../support/command-line.ts";
import { answered, ask } from "../support/simulators.ts";

const SCENARIO = `name: two reads
timeToFirstTokenMs: 0
tokensPerSecond: .inf
turns:
  - calls: [{ name: get_profile }, { name: get_orders }]
  - { thinking: Hmm., text: { text: Hi., pauseMs: 60000 } }
`;

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tutti-simulate-"));
  await writeFile(join(folder, "scenario.yaml"), SCENARIO);
});

after(() => rm(folder, { recursive: true, force: true }));

/** Starts `tutti simulate`, talks to it once it says where it is, and interrupts it. */
async function simulateWhile(more: readonly string[], talk: (client: Anthropic) => Promise<unknown>) {
  let talked: Promise<unknown> | undefined;
  const finished = await tutti(["simulate", "scenario.yaml", ...more], {
    cwd: folder,
    onOutput: (text, child) => {
      const [, url] = /is served at (http:\/\/127\.0\.0\.1:\d+)\n/.exec(text) ?? [];
      if (url === undefined || talked !== undefined) return;
      const client = new Anthropic({ baseURL: url, apiKey: "any", maxRetries: 0 });
      talked = talk(client).finally(() => child.kill("SIGINT"));
    },
  });
  return { ...finished, said: await talked };
}

describe("tutti simulate", { concurrency: 2 }, () => {
  test("says where it is, tells of each request, and stops on Ctrl-C", async () => {
    const { code, stdout, stderr } = await simulateWhile([], async (client) => {
      await client.messages.create(ask());
      await assert.rejects(client.messages.create({ ...ask(), max_tokens: -1 }), /max_tokens/);
      await assert.rejects(client.models.list());
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^two reads is served at http:\/\/127\.0\.0\.1:\d+\n/);
    assert.match(stdout, /new Anthropic\({ baseURL: "http:\/\/127\.0\.0\.1:\d+", apiKey: "any" }\)\n/);
    assert.match(stdout, /new OpenAI\({ baseURL: "http:\/\/127\.0\.0\.1:\d+\/v1", apiKey: "any" }\)\n/);
    assert.match(stdout, /--provider gemini --base-url http:\/\/127\.0\.0\.1:\d+\n/);
    const lines = stdout.split("\n").filter((line) => /^ +\d/.test(line));
    assert.equal(lines.length, 3, stdout);
    assert.match(lines[0] ?? "", /^ {2}1 {2}turn 1 {2}✓ answered {2}[\d.]+ m?s$/);
    assert.match(lines[1] ?? "", /^ {2}2 {2}POST \/v1\/messages {2}✗ refused: 400 max_tokens/);
    assert.match(lines[2] ?? "", /^ {2}3 {2}GET \/v1\/models {2}✗ refused: 404/);
  });

  test("a request that is under way when it stops is told as aborted", async () => {
    const { code, stdout } = await simulateWhile([], async (client) => {
      const message = await client.messages.create(ask());
      const stream = await client.messages.create({ ...ask(...answered(message)), stream: true });
      // It has begun, and would go on for a minute.
      return stream.controller.signal.aborted;
    });
    assert.equal(code, 0);
    assert.match(stdout, /turn 2 {2}– aborted/);
  });

  test("with --quirk it departs from its provider, in one way or in several", async () => {
    const { said, stdout } = await simulateWhile(
      ["--quirk", "zero-index", "same-ids"],
      async ({ baseURL }) => {
        const client = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: "any", maxRetries: 0 });
        const messages = [{ role: "user" as const, content: "Hi." }];
        const chunks = await client.chat.completions.create({ model: "m", messages, stream: true });
        const calls = [];
        for await (const { choices } of chunks) calls.push(...(choices[0]?.delta.tool_calls ?? []));
        return calls.filter(({ id }) => id !== undefined);
      },
    );
    const calls = said as { readonly index: number; readonly id: string }[];
    assert.deepEqual(
      calls.map(({ index, id }) => [index, id === calls[0]?.id]),
      [
        [0, true],
        [0, true],
      ],
    );
    assert.match(stdout, /1 {2}turn 1 {2}✓ answered/);
  });

  test("with --calls-per-turn one the model makes one call at a time", async () => {
    const { said, stdout } = await simulateWhile(["--calls-per-turn", "one"], async (client) => {
      const message = await client.messages.create(ask());
      await client.messages.create(ask(...answered(message)));
      return message.content.length;
    });
    assert.equal(said, 1);
    assert.match(stdout, /1 {2}turn 1 {2}✓ answered .*\n +2 {2}turn 2 {2}✓ answered/);
  });
});
