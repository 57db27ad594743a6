import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { createExecutor, defineTool } from "../../src/index.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { createViewer } from "../../src/viewer.ts";
import { openPage, startBrowser, withoutBrowser } from "../support/viewer/browser.ts";
import { stageCheckout } from "../support/viewer/checkout-scene.ts";

describe("the page of an executor", { skip: withoutBrowser(), timeout: 60_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  test("shows calls while they go on, and what becomes of them", async () => {
    const done = deferred<string>();
    const work = defineTool({
      name: "work",
      description: "Works",
      input: { type: "object" },
      effects: "none",
      execute: () => done.promise,
    });
    const executor = createExecutor({ tools: [work] });
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

  test("it says when the server has gone, and keeps what it has", async () => {
    const { executor, play } = stageCheckout();
    const viewer = await createViewer(executor);
    await play();
    const { page, close } = await openPage(browser, viewer.url);
    await page.getByRole("row", { name: /turn 4/ }).waitFor();
    await viewer.close();
    await page.getByText("the connection is lost").waitFor();
    assert.equal(await page.getByRole("row").count(), 23);
    await close();
  });
});
