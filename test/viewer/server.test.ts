import assert from "node:assert/strict";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { createExecutor, defineTool, TuttiError } from "../../src/index.ts";
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
    const second = await listenTo(viewer.url, { after: id });
    await second.until((events) => events.some(({ type }) => type === "batch.closed"));
    assert.deepEqual(
      second.events.map(({ type }) => type),
      ["batch.opened", "call.queued", "call.started", "call.settled", "batch.closed"],
    );
    await second.close();
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

  test("wrong options are refused", async () => {
    const executor = createExecutor({ tools: [work] });
    await assert.rejects(
      createViewer(executor, { maxEvents: 0 }),
      /`maxEvents` must be a positive integer, got 0/,
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

  test("that is not there yet is waited for", async () => {
    const path = folder.write("x", "").replace(/x$/, "to-come.jsonl");
    await using viewer = await serveTrace(path);
    const page = await listenTo(viewer.url);
    writeFileSync(path, `${JSON.stringify({ type: "later", at: 1 })}\n`);
    await page.until((events) => events.length === 1);
    await page.close();
  });
});

/** What keeps a process alive, by kind. */
function openThings(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo())
    if (name !== "Immediate") counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
