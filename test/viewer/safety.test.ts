import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { globSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { createExecutor, defineTool } from "../../src/index.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { openTrace } from "../../src/trace/open-trace.ts";
import { serveTrace } from "../../src/viewer.ts";
import { openPage, startBrowser, withoutBrowser } from "../support/viewer/browser.ts";

const HOSTILE = `<script>alert("run")</script><img src=x onerror="alert('run')"><style>body{display:none}</style>`;

/** A trace all of whose texts would do harm as markup. */
async function hostileTrace(): Promise<TraceEvent[]> {
  const tool = defineTool({
    name: "fetch_page",
    description: HOSTILE,
    input: { type: "object" },
    effects: "none",
    execute: (input: unknown) => {
      if ((input as { fails?: boolean }).fails === true) throw new Error(HOSTILE);
      return { [HOSTILE]: HOSTILE };
    },
  });
  const executor = createExecutor({ tools: [tool] });
  const events: TraceEvent[] = [openTrace(executor)];
  executor.events.listen((event) => events.push(event));
  await executor.run([
    { id: HOSTILE, name: "fetch_page", input: { url: HOSTILE } },
    { id: "2", name: "fetch_page", input: { url: HOSTILE, fails: true } },
    { id: "3", name: HOSTILE, input: HOSTILE },
  ]);
  const at = events.at(-1)?.at ?? 0;
  const result = (mediaType: string, data: string) => ({
    isError: false,
    parts: [{ type: "image", mediaType, data } as never],
  });
  events.push({
    type: "turn.answered",
    at,
    turn: 1,
    answers: [
      { call: "b1.1", result: result("text/html", "PHNjcmlwdD4=") },
      { call: "b1.2", result: result("image/png", `x" onerror="alert(1)`) },
      {
        call: "b1.3",
        result: result(
          "image/png",
          "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        ),
      },
    ],
  });
  return events;
}

describe("what tools were given and returned", { skip: withoutBrowser(), timeout: 60_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  test("is text wherever it is shown, and nothing of it runs", async () => {
    await using viewer = await serveTrace(await hostileTrace());
    const { page, complaints, close } = await openPage(browser, viewer.url);
    for (const key of ["b1.1", "b1.2", "b1.3"]) {
      await page.locator(`[id="row-0-call:${key}"]`).click();
      await page.getByRole("complementary").getByText("Why it waited").waitFor();
      await page.locator(`[id="row-0-call:${key}"]`).hover();
    }
    await page.locator('[id="row-0-call:b1.1"]').click();
    const panel = page.getByRole("complementary");
    assert.match(await panel.innerText(), /<script>alert\(\\"run\\"\)<\/script>/);
    await panel.getByRole("button", { name: "Whole" }).click();
    assert.equal(await panel.locator("script, style, img").count(), 0);
    await page.keyboard.press("t");
    await page.getByRole("grid").waitFor();
    await page.getByRole("button", { name: /^Tools/ }).click();
    assert.equal(await page.locator("body script, body img, body style, iframe").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an image is shown if it is one of four kinds, from the trace's own bytes", async () => {
    await using viewer = await serveTrace(await hostileTrace());
    const { page, complaints, close } = await openPage(browser, `${viewer.url}#open=call:b1.3`);
    assert.match((await page.getByRole("img").getAttribute("src")) ?? "", /^data:image\/png;base64,iVBOR/);
    for (const key of ["b1.1", "b1.2"]) {
      await page.locator(`[id="row-0-call:${key}"]`).click();
      const asTheModel = page.getByRole("button", { name: "As the model read it" });
      if ((await asTheModel.count()) > 0) await asTheModel.click();
      await page.getByText("Something that is no image").waitFor();
      assert.equal(await page.getByRole("img").count(), 0);
    }
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a page with a wrong token says so, and shows nothing", async () => {
    await using viewer = await serveTrace(await hostileTrace());
    const page = await browser.newPage();
    const response = await page.goto(viewer.url.replace(/token=.*/, "token=wrong"));
    assert.equal(response?.status(), 403);
    assert.match(await page.innerText("body"), /This link is not, or no longer, valid/);
    await page.close();
  });
});

test("no code of the app makes markup of text", () => {
  const found = globSync("viewer/src/**/*.{ts,tsx}").filter((path) =>
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\b|new Function/.test(
      readFileSync(path, "utf8"),
    ),
  );
  assert.deepEqual(found, []);
});
