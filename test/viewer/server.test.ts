import assert from "node:assert/strict";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { createExecutor, defineTool, TuttiError } from "../../src/index.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { openTrace } from "../../src/trace/open-trace.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { createFileSource } from "../../src/viewer/file-source.ts";
import { createLiveSource } from "../../src/viewer/live-source.ts";
import type { TraceSource } from "../../src/viewer/trace-source.ts";
import { createViewer, serveTrace, type Viewer } from "../../src/viewer.ts";
import { buildViewer } from "../../viewer/build.ts";
import { checkoutEvents, checkoutTrace } from "../support/viewer/checkout-scene.ts";
import { listenTo } from "../support/viewer/stream.ts";
import { traceFolder, type TraceFolder } from "../support/viewer/trace-file.ts";

before(() => buildViewer({ ifChanged: true }));

describe("who may read a trace", () => {
  let viewer: Viewer;
  let url: URL;
  before(async () => {
    viewer = await serveTrace(await checkoutEvents());
    url = new URL(viewer.url);
  });
  after(() => viewer.close());

  test("nothing but the app's own files is served without the token", async () => {
    const token = url.searchParams.get("token") ?? "";
    assert.ok(token.length >= 43);
    for (const path of ["/", "/traces", "/traces/0", "/index.html", "/../package.json", "/.built-of"]) {
      for (const wrong of ["", "?token=", "?token=wrong", `?token=${token.slice(1)}`, `?token=${token}x`])
        assert.equal((await fetch(`${url.origin}${path}${wrong}`)).status, 403, `${path}${wrong}`);
    }
    const html = await (await fetch(viewer.url)).text();
    for (const [, asset = ""] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      assert.equal((await fetch(`${url.origin}${asset}`)).status, 200, asset);
  });

  test("everything comes with a policy that lets nothing else run or be asked", async () => {
    for (const path of ["/", "/traces", "/none"]) {
      const { headers } = await fetch(`${url.origin}${path}${url.search}`);
      assert.match(
        headers.get("content-security-policy") ?? "",
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      );
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.equal(headers.get("access-control-allow-origin"), null);
    }
    const html = await (await fetch(viewer.url)).text();
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  });

  test("a name that is not the server's own is refused, token or not (DNS rebinding)", async () => {
    const ask = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { hostname, port, pathname, search } = url;
        request({ hostname, port, path: `${pathname}${search}`, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    assert.equal(await ask(`evil.example:${url.port}`), 421);
    assert.equal(await ask("127.0.0.1.evil.example"), 421);
    assert.equal(await ask(`192.0.2.1:${url.port}`), 421);
    for (const own of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
      assert.equal(await ask(`${own}:${url.port}`), 200, own);
  });

  test("it listens on loopback unless it is told otherwise; told to, it is asked by any address but no name", async () => {
    assert.equal(url.hostname, "127.0.0.1");
    await using everywhere = await serveTrace([], { host: "0.0.0.0" });
    const { port, search } = new URL(everywhere.url);
    const ask = (host: string) =>
      new Promise<number | undefined>((resolve) =>
        request({ port, path: `/${search}`, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end(),
      );
    assert.equal(await ask(`192.0.2.7:${port}`), 200);
    assert.equal(await ask(`evil.example:${port}`), 421);
  });

  test("a port that cannot be had is told", async () => {
    await assert.rejects(
      serveTrace([], { port: Number(url.port) }),
      (error) => error instanceof TuttiError && error.code === "unreachable",
    );
  });
});

describe("the events of an executor", () => {
  const work = defineTool({
    name: "work",
    description: "Works",
    input: { type: "object" },
    effects: "none",
    execute: (input: unknown) => input,
  });

  test("come from the beginning, in batches, and go on where a page was cut off", async () => {
    const executor = createExecutor({ tools: [work] });
    await using viewer = await createViewer(executor);
    await executor.run([{ name: "work", input: { n: 1 } }]);
    const first = await listenTo(viewer.url);
    await first.until((events) => events.some(({ type }) => type === "batch.closed"));
    assert.equal(first.opened?.name, "live");
    assert.deepEqual(
      first.events.map(({ type }) => type),
      ["trace.opened", "batch.opened", "call.queued", "call.started", "call.settled", "batch.closed"],
    );
    const id = first.lastId;
    await first.close();
    await executor.run([{ name: "work", input: { n: 2 } }]);
    // By the header of a browser that asks again by itself, and by a page that was not seen for a while.
    for (const again of [
      await listenTo(viewer.url, { after: id }),
      await listenTo(`${viewer.url}&after=${id}`),
      await listenTo(`${viewer.url}&after=1:0`, { after: id }),
    ]) {
      await again.until((events) => events.some(({ type }) => type === "batch.closed"));
      assert.deepEqual(
        again.events.map(({ type }) => type),
        ["batch.opened", "call.queued", "call.started", "call.settled", "batch.closed"],
      );
      await again.close();
    }
  });

  test("come with the time by the executor's clock; of a list and of a file nobody knows it", async () => {
    const clock = new VirtualClock();
    const executor = createExecutor({ tools: [work], clock });
    const live = createLiveSource({ name: "live", clock, maxEvents: 10, maxBytes: 10_000 });
    live.add(openTrace(executor));
    await clock.advance(6_000);
    assert.deepEqual(await firstMessages(live, 2), [{ type: "clock", now: 6_000 }, "events"]);
    const list = createLiveSource({ name: "list", maxEvents: 10, maxBytes: 10_000 });
    list.add(openTrace(executor));
    assert.deepEqual(await firstMessages(list, 1), ["events"]);
    const file = createFileSource(new URL("../../package.json", import.meta.url).pathname);
    assert.deepEqual(await firstMessages(file, 1), ["events"]);
  });

  test("are kept up to a bound; the oldest turns go, whole, and it is said", async () => {
    const executor = createExecutor({ tools: [work] });
    await using viewer = await createViewer(executor, { maxEvents: 60 });
    for (let n = 0; n < 40; n++) await executor.run([{ name: "work", input: { n } }]);
    const late = await listenTo(viewer.url);
    await late.until((events) =>
      events.some(({ type, batch }) => type === "batch.closed" && batch === "b40"),
    );
    assert.ok(late.events.length <= 61, `${late.events.length} events`);
    const { turns = 0, events = 0 } = late.dropped ?? {};
    assert.equal(events, turns * 5);
    assert.equal(late.events.length, 1 + 40 * 5 - events);
    assert.equal(late.events[1]?.type, "batch.opened");
    await late.close();
  });

  test("of a turn that goes on are kept, but for calls that are over where it alone is too much", async () => {
    const gates = Array.from({ length: 30 }, () => deferred<string>());
    const wait = defineTool({
      name: "wait",
      description: "Waits",
      input: { type: "object" },
      effects: "none",
      execute: ({ n }: { n: number }) => gates[n]?.promise ?? "at once",
    });
    const executor = createExecutor({ tools: [wait], concurrency: 30 });
    await using viewer = await createViewer(executor, { maxEvents: 80 });
    for (let n = 0; n < 10; n++) await executor.run([{ name: "wait", input: { n: -1 } }]);
    const watching = await listenTo(viewer.url);
    const run = executor.run(gates.map((_, n) => ({ name: "wait", input: { n } })));
    await watching.until((events) => events.filter(({ type }) => type === "call.started").length === 40);
    for (const [from, to] of [
      [0, 15],
      [15, 20],
    ] as const) {
      for (const gate of gates.slice(from, to)) gate.resolve("done");
      await watching.until(
        (events) => events.filter(({ type }) => type === "call.settled").length === 10 + to,
      );
    }
    assert.equal(watching.resets, 0, "who had all of it lost it");
    const late = await listenTo(viewer.url);
    await late.until((events) => events.filter(({ type }) => type === "call.started").length >= 10);
    assert.ok(late.events.length <= 81, `${late.events.length} events`);
    assert.equal(late.dropped?.turns, 10);
    const { turns, calls } = readTrace(late.events as unknown as TraceEvent[]);
    assert.deepEqual(
      turns.map(({ key, status }) => `${key} ${status}`),
      ["b11 going"],
    );
    assert.equal(calls.filter(({ status }) => status === "going").length, 10, "what runs is there");
    assert.ok(calls.length < 30, "what is over has gone");
    for (const gate of gates) gate.resolve("done");
    await run;
    await late.close();
    await watching.close();
  });

  test("of a call that is too much by itself go too; who saw its beginning begins anew without it", async () => {
    const [beginning, gate] = [deferred<void>(), deferred<string>()];
    const chatty = defineTool({
      name: "chatty",
      description: "Tells",
      input: { type: "object" },
      effects: "none",
      execute: async (_input: unknown, { progress }) => {
        await beginning.promise;
        for (let n = 0; n < 50; n++) progress(n);
        return gate.promise;
      },
    });
    const executor = createExecutor({ tools: [chatty, work] });
    await using viewer = await createViewer(executor, { maxEvents: 40 });
    const page = await listenTo(viewer.url);
    const run = executor.run([{ name: "chatty", input: {} }]);
    await page.until((events) => events.some(({ type }) => type === "call.started"));
    assert.equal(page.resets, 0);
    beginning.resolve();
    await page.until((events) => events.filter(({ type }) => type === "batch.opened").length === 2);
    assert.equal(page.resets, 1);
    gate.resolve("done");
    await run;
    await executor.run([{ name: "work", input: {} }]);
    const late = await listenTo(viewer.url);
    await late.until((events) => events.some(({ batch }) => batch === "b2"));
    assert.deepEqual(
      late.events.map(({ type }) => type),
      [
        "trace.opened",
        "batch.opened",
        "batch.closed",
        "batch.opened",
        "call.queued",
        "call.started",
        "call.settled",
        "batch.closed",
      ],
    );
    await late.close();
    await page.close();
  });

  test("are kept up to so many bytes", async () => {
    const executor = createExecutor({ tools: [work] });
    await using viewer = await createViewer(executor, { maxBytes: 100_000 });
    for (let n = 0; n < 30; n++)
      await executor.run([{ name: "work", input: { n, text: "x".repeat(5_000) } }]);
    const late = await listenTo(viewer.url);
    await late.until((events) =>
      events.some(({ type, batch }) => type === "batch.closed" && batch === "b30"),
    );
    const bytes = late.events.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    assert.ok(bytes > 60_000 && bytes < 101_000, `${bytes} bytes`);
    assert.equal(late.dropped?.events, 30 * 5 + 1 - late.events.length);
    await late.close();
  });

  test("wrong options are refused", async () => {
    const executor = createExecutor({ tools: [work] });
    for (const bound of ["maxEvents", "maxBytes"])
      await assert.rejects(
        createViewer(executor, { [bound]: 0 }),
        new RegExp(`\`${bound}\` must be a positive integer, got 0`),
      );
  });

  test("G10: a viewer that is closed leaves nothing open, though pages listen", async () => {
    const executor = createExecutor({ tools: [work] });
    const before = openThings();
    const viewer = await createViewer(executor);
    const page = await listenTo(viewer.url);
    await executor.run([{ name: "work", input: {} }]);
    await page.until((events) => events.length > 4);
    await Promise.all([viewer.close(), viewer.close()]);
    await page.ended;
    await page.close();
    await new Promise((resolve) => setImmediate(resolve));
    for (const [name, count] of openThings())
      assert.ok(count <= (before.get(name) ?? 0), `${count} × ${name}, before ${before.get(name) ?? 0}`);
    await assert.rejects(fetch(viewer.url));
  });
});

describe("a file", () => {
  let folder: TraceFolder;
  before(() => {
    folder = traceFolder();
  });
  after(() => folder.remove());

  test("is followed while it grows; a torn line is told when it is whole", async () => {
    const text = await checkoutTrace();
    const middle = Math.floor(text.length / 2);
    const path = folder.write("growing.jsonl", text.slice(0, middle));
    await using viewer = await serveTrace(path);
    const page = await listenTo(viewer.url);
    const whole = text.slice(0, middle).split("\n").length - 1;
    await page.until((events) => events.length === whole);
    appendFileSync(path, text.slice(middle));
    await page.until((events) => events.length === text.split("\n").length - 1);
    await page.close();
    const later = await listenTo(viewer.url, { after: page.lastId });
    appendFileSync(path, `${JSON.stringify({ type: "later", at: 1 })}\n`);
    await later.until((events) => events.length > 0);
    assert.deepEqual(later.events, [{ type: "later", at: 1 }]);
    await later.close();
  });

  test("that is written anew begins again", async () => {
    const line = (n: number) => `${JSON.stringify({ type: "later", at: n })}\n`;
    const path = folder.write("again.jsonl", line(1) + line(2));
    await using viewer = await serveTrace(path);
    const page = await listenTo(viewer.url);
    await page.until((events) => events.length === 2);
    writeFileSync(`${path}.new`, line(3));
    renameSync(`${path}.new`, path);
    await page.until((events) => events.some(({ at }) => at === 3));
    assert.equal(page.resets, 1);
    await page.close();
  });

  test("that is written anew in place begins again, though it is longer than before", async () => {
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => `${JSON.stringify({ type: "later", at: from + n })}\n`).join(
        "",
      );
    for (const [name, before] of [
      ["a short beginning", lines(100, 2)],
      ["a long beginning", lines(100, 40)],
    ] as const) {
      const path = folder.write("in-place.jsonl", before);
      await using viewer = await serveTrace(path);
      const page = await listenTo(viewer.url);
      const told = before.split("\n").length - 1;
      await page.until((events) => events.length === told);
      const { lastId } = page;
      const after = lines(500, 60);
      writeFileSync(path, after);
      await page.until((events) => events.some(({ at }) => at === 559));
      assert.ok(page.resets >= 1, name);
      assert.equal(page.events[told]?.at, 500, name);
      assert.equal(page.events.length, told + 60, name);
      await page.close();
      const back = await listenTo(viewer.url, { after: lastId });
      await back.until((events) => events.some(({ at }) => at === 559));
      assert.deepEqual([back.resets, back.events.length], [1, 60], name);
      await back.close();
    }
  });

  test("without a last line break is told to its end, and nothing twice when it goes on", async () => {
    const line = (n: number) => JSON.stringify({ type: "later", at: n, text: "}é" });
    const path = folder.write("no-break.jsonl", `${line(1)}\n${line(2)}`);
    await using viewer = await serveTrace(path);
    const page = await listenTo(viewer.url);
    const at = (...moments: number[]) => moments.map((n) => JSON.parse(line(n)) as unknown);
    await page.until((events) => events.length === 2);
    const back = await listenTo(viewer.url, { after: page.lastId });
    const torn = line(3).slice(0, line(3).indexOf("}") + 1);
    appendFileSync(path, `\n${torn}`);
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.deepEqual(page.events, at(1, 2), "a line that is torn at what looks like its end is told");
    appendFileSync(path, `${line(3).slice(torn.length)}\n${line(4)}`);
    await page.until((events) => events.length === 4);
    await back.until((events) => events.length === 2);
    assert.deepEqual(page.events, at(1, 2, 3, 4));
    assert.deepEqual(back.events, at(3, 4));
    assert.equal(page.resets, 0);
    await page.close();
    await back.close();
  });

  test("that was away for a while begins again", async () => {
    const path = folder.write("away.jsonl", `${JSON.stringify({ type: "later", at: 1 })}\n`);
    await using viewer = await serveTrace(path);
    const page = await listenTo(viewer.url);
    await page.until((events) => events.length === 1);
    renameSync(path, `${path}.away`);
    await new Promise((resolve) => setTimeout(resolve, 900));
    renameSync(`${path}.away`, path);
    await page.until((events) => events.length === 2);
    assert.equal(page.resets, 1);
    await page.close();
  });

  test("that is not there yet is waited for", async () => {
    const path = folder.write("x", "").replace(/x$/, "to-come.jsonl");
    await using viewer = await serveTrace(path);
    const page = await listenTo(viewer.url);
    writeFileSync(path, `${JSON.stringify({ type: "later", at: 1 })}\n`);
    await page.until((events) => events.length === 1);
    await page.close();
  });
});

/** The first messages of a source, as far as tests look at them. */
async function firstMessages(source: TraceSource, count: number): Promise<unknown[]> {
  const messages: unknown[] = [];
  for await (const message of source.follow(undefined, AbortSignal.timeout(8_000))) {
    messages.push(message.type === "clock" ? message : message.type);
    if (messages.length === count) break;
  }
  return messages;
}

/** What keeps a process alive, by kind. */
function openThings(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo())
    if (name !== "Immediate") counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
