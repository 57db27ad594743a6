import assert from "node:assert/strict";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { systemClock } from "../../src/core/clock.ts";
import { defineTool } from "../../src/index.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { createViewer, serveTrace } from "../../src/viewer.ts";
import { openPage, startBrowser, withoutBrowser } from "../support/viewer/browser.ts";
import { checkoutTrace, stageCheckout } from "../support/viewer/checkout-scene.ts";
import { traceFolder, type TraceFolder } from "../support/viewer/trace-file.ts";

describe("the page of an executor", { skip: withoutBrowser(), timeout: 60_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  test("shows calls while they go on, and what becomes of them", async () => {
    const { done, executor } = waiting();
    const viewer = await createViewer(executor, { name: "a <b>live</b> run" });
    try {
      const outcomes = executor.run([{ name: "work", input: { on: "it" } }]);
      const { page, complaints, close } = await openPage(browser, viewer.url);
      const row = page.getByRole("row", { name: /^work it/ });
      assert.match((await row.getAttribute("aria-label")) ?? "", /not over/);
      assert.equal(await page.locator(".state").innerText(), "live");
      assert.equal(await page.locator(".status-line b").innerText(), "a <b>live</b> run");
      const before = await page.locator(".row.call .took").innerText();
      await page.waitForTimeout(400);
      assert.notEqual(await page.locator(".row.call .took").innerText(), before, "time stands still");
      // What the head says goes on with it, and so do the limits.
      await page
        .locator(".figure dd")
        .first()
        .getByText(/^[1-9]\.\d+ s$/)
        .waitFor();
      assert.match(await page.locator(".limit-name").innerText(), /executor\s+1 of 10/);
      done.resolve("done");
      await outcomes;
      await page.getByRole("row", { name: /^work it, ok/ }).waitFor();
      await page.getByText("waits for more").waitFor();
      await executor.run([{ name: "work", input: { on: "more" } }]);
      await page.getByRole("row", { name: /^work more, ok/ }).waitFor();
      assert.deepEqual(complaints, []);
      await close();
    } finally {
      await viewer.close();
    }
  });

  test("who comes late sees a whole run from the beginning", async () => {
    const { executor, play } = stageCheckout();
    const viewer = await createViewer(executor);
    try {
      await play();
      const { page, complaints, close } = await openPage(browser, viewer.url);
      await page.getByRole("row", { name: /turn 4/ }).waitFor();
      assert.equal(await page.getByRole("row").count(), 23);
      assert.deepEqual(complaints, []);
      await close();
    } finally {
      await viewer.close();
    }
  });

  test("who comes while a call runs sees for how long it has, by the executor's clock", async () => {
    const done = deferred<string>();
    const work = defineTool({
      name: "work",
      description: "Works",
      input: { type: "object" },
      effects: "none",
      execute: () => done.promise,
    });
    let passedMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + passedMs };
    const executor = createExecutor({ tools: [work], clock });
    const viewer = await createViewer(executor);
    try {
      const outcomes = executor.run([{ name: "work", input: {} }]);
      await new Promise((resolve) => setImmediate(resolve));
      passedMs = 60_000;
      const { page, close } = await openPage(browser, viewer.url);
      await page.locator(".row.call .took", { hasText: /^6\d\.\d s$/ }).waitFor({ timeout: 5_000 });
      await page.reload();
      await page.locator(".row.call .took", { hasText: /^6\d\.\d s$/ }).waitFor({ timeout: 5_000 });
      await close();
      done.resolve("done");
      await outcomes;
    } finally {
      await viewer.close();
    }
  });

  test("pages that nobody sees hold no connection, and go on when they are seen again", async () => {
    const { executor, play } = stageCheckout();
    const viewer = await createViewer(executor, { name: "many" });
    const context = await browser.newContext();
    try {
      const pages: Page[] = [];
      // More than the six connections that a browser opens to one server.
      for (let n = 0; n < 8; n++) {
        const page = await context.newPage();
        await page.goto(viewer.url);
        await page.locator(".state", { hasText: "waits for more" }).waitFor({ timeout: 8_000 });
        await setHidden(page, true);
        pages.push(page);
      }
      await play();
      for (const page of pages.slice(0, 2)) {
        assert.equal(await page.getByRole("row").count(), 0, "it is heard of by who does not look");
        assert.equal(await page.locator(".state").innerText(), "waits for more");
        for (let times = 0; times < 2; times++) {
          await setHidden(page, false);
          await page.getByRole("row", { name: /turn 4/ }).waitFor();
          await setHidden(page, true);
        }
        assert.equal(await page.getByRole("row").count(), 23);
      }
    } finally {
      await context.close();
      await viewer.close();
    }
  });

  test("what was too much to keep is told of, and a long name takes one line", async () => {
    const work = defineTool({
      name: "work",
      description: "Works",
      input: { type: "object" },
      effects: "none",
      execute: () => "done",
    });
    const executor = createExecutor({ tools: [work] });
    const name = `Find out ${"what is wrong, and why, ".repeat(20)}`;
    const viewer = await createViewer(executor, { name, maxEvents: 20 });
    try {
      for (let n = 0; n < 5; n++) await executor.run([{ name: "work", input: { n } }]);
      const { page, close } = await openPage(browser, viewer.url);
      const line = page.locator(".status-line");
      assert.match(await line.innerText(), /No longer kept: 10 events, 2 whole turns among them\./);
      const shown = await line.locator("b").boundingBox();
      assert.ok(shown !== null && shown.height < 30 && shown.width < 800, JSON.stringify(shown));
      assert.equal(await line.locator("b").getAttribute("title"), name);
      await close();
    } finally {
      await viewer.close();
    }
  });

  test("when the viewer is closed, a page that is open has the last outcome, and no complaint", async () => {
    const { done, executor } = waiting();
    const viewer = await createViewer(executor, { name: "a run" });
    const outcomes = executor.run([{ name: "work", input: { on: "it" } }]);
    const { page, complaints, close } = await openPage(browser, viewer.url);
    done.resolve("done");
    await outcomes;
    await viewer.close();
    await page.getByRole("row", { name: /^work it, ok/ }).waitFor();
    await page.locator('.state[data-state="quiet"]').waitFor({ state: "attached" });
    assert.doesNotMatch(await page.locator(".status-line").innerText(), /lost/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("it says when the server has gone, and keeps what it has", async () => {
    const folder = traceFolder();
    const viewer = await serveTrace(folder.write("gone.jsonl", await checkoutTrace()));
    const { page, close } = await openPage(browser, viewer.url);
    await page.getByRole("row", { name: /turn 4/ }).waitFor();
    await viewer.close();
    await page.getByText("the connection is lost").waitFor();
    assert.equal(await page.getByRole("row").count(), 23);
    await close();
    folder.remove();
  });
});

describe("the page of a file", { skip: withoutBrowser(), timeout: 60_000 }, () => {
  let browser: Browser;
  let folder: TraceFolder;
  before(async () => {
    browser = await startBrowser();
    folder = traceFolder();
  });
  after(async () => {
    await browser.close();
    folder.remove();
  });

  test("says what it lacks, as long as that holds: lines that are no events, the end, the file itself", async () => {
    const text = await checkoutTrace();
    const whole = text.trimEnd();
    const path = folder.write("a.jsonl", `${whole.replace("\n", "\n{torn\n\n[1]\n")}`);
    const viewer = await serveTrace(path);
    try {
      const { page, complaints, close } = await openPage(browser, viewer.url);
      const line = page.locator(".status-line");
      await line.getByText("2 lines left out: no events of a trace.").waitFor();
      assert.doesNotMatch(await line.innerText(), /breaks off/);
      assert.equal(await page.getByRole("row").count(), 23);
      rmSync(path);
      await line.getByText("The file is not there, or cannot be read.").waitFor();
      assert.equal(await page.getByRole("row").count(), 23);
      writeFileSync(path, whole.slice(0, whole.lastIndexOf("\n") + 9));
      await line.getByText("The trace breaks off, or is still being written.").waitFor();
      assert.doesNotMatch(await line.innerText(), /left out|not there/);
      appendFileSync(path, whole.slice(whole.lastIndexOf("\n") + 9));
      await line.getByText("breaks off").waitFor({ state: "detached" });
      assert.equal(await page.getByRole("row").count(), 23);
      assert.deepEqual(complaints, []);
      await close();
    } finally {
      await viewer.close();
    }
  });

  test("that is written anew in place shows what is in it now, and nothing else", async () => {
    const text = await checkoutTrace();
    const [, ...rest] = text.split("\n");
    const first = '{"type":"trace.opened","at":0,"version":1,"time":"2026-01-01T00:00:00.000Z"}';
    const path = folder.write("b.jsonl", `${first}\nno event\n${rest.slice(0, 9).join("\n")}\n`);
    const viewer = await serveTrace(path);
    try {
      const { page, close } = await openPage(browser, viewer.url);
      const line = page.locator(".status-line");
      await line.getByText("1 line left out").waitFor();
      writeFileSync(path, text);
      await page.getByRole("row", { name: /turn 4/ }).waitFor();
      assert.equal(await page.getByRole("row").count(), 23);
      assert.doesNotMatch(await line.innerText(), /left out|breaks off/);
      await close();
    } finally {
      await viewer.close();
    }
  });
});

/** An executor with a tool that works until it is told to be done. */
function waiting() {
  const done = deferred<string>();
  const work = defineTool({
    name: "work",
    description: "Works",
    input: { type: "object" },
    effects: "none",
    execute: () => done.promise,
  });
  return { done, executor: createExecutor({ tools: [work] }) };
}

/** Headless, a browser takes all of its pages for seen: this is what it says when the user goes to another tab. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  `);
}
