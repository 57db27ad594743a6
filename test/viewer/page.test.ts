import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { serveTrace, type Viewer } from "../../src/viewer.ts";
import { openPage, startBrowser, withoutBrowser, type WatchedPage } from "../support/viewer/browser.ts";
import { playRuns } from "../support/random-runs.ts";
import { checkoutEvents, checkoutTrace } from "../support/viewer/checkout-scene.ts";
import { traceFolder, type TraceFolder } from "../support/viewer/trace-file.ts";

const READ = { tool: "read", path: "a", writtenMs: 2, ms: 9, fails: false } as const;
const TWO_RUNS = [
  { concurrency: 2, turns: [{ thinksMs: 5, calls: [READ, READ] }], abortMs: undefined },
  { concurrency: 2, turns: [{ thinksMs: 9, calls: [READ] }], abortMs: undefined },
];

describe("the page of a trace", { skip: withoutBrowser(), timeout: 120_000 }, () => {
  let browser: Browser;
  let folder: TraceFolder;
  let viewer: Viewer;
  let compared: Viewer;
  let watched: WatchedPage | undefined;

  before(async () => {
    browser = await startBrowser();
    folder = traceFolder();
    const [one, two] = [await checkoutTrace(), await checkoutTrace({ concurrency: 1 })];
    viewer = await serveTrace(folder.write("four.jsonl", one));
    compared = await serveTrace(folder.write("four.jsonl", one), {
      compareWith: folder.write("one.jsonl", two),
    });
  });

  after(async () => {
    await browser.close();
    await viewer.close();
    await compared.close();
    folder.remove();
  });

  afterEach(async () => {
    await watched?.close();
    assert.deepEqual(watched?.complaints, []);
    watched = undefined;
  });

  async function open(hash = "", options?: BrowserContextOptions, of: Viewer = viewer): Promise<Page> {
    watched = await openPage(browser, `${of.url}${hash}`, options);
    return watched.page;
  }

  test("shows the figures, turns, calls and limits of a file", async () => {
    const page = await open();
    assert.equal(await figure(page, "wall"), "8.47 s");
    assert.equal(await figure(page, "calls"), "15");
    assert.equal(await rows(page).count(), 23);
    assert.match(
      await labelOf(page, "run_tests checkout"),
      /^run_tests checkout, ok, waited 150 ms for the model to finish its turn, waited 760 ms for the lock on file, held by call 2 \(edit_file\), ran 1\.25 s/,
    );
    assert.deepEqual(await page.locator(".limit-name").allInnerTexts().then(tidy), [
      "executor 4 of 4",
      "github 2 of 2",
      "github starts 4 of 5/s",
    ]);
    assert.ok((await inkOf(page)).colours > 5, "nothing is drawn");
  });

  test("a call that is clicked says why it waited, with links to what it waited for", async () => {
    const page = await open();
    await row(page, "run_tests checkout").click();
    const panel = page.getByRole("complementary", { name: "Details" });
    await panel.getByRole("heading", { name: "run_tests" }).waitFor();
    assert.match(await panel.innerText(), /Waited 760 ms for the lock on file, held by call 2 \(edit_file\)/);
    await panel.getByRole("link", { name: "call 2 (edit_file)" }).click();
    await panel.getByRole("heading", { name: "edit_file" }).waitFor();
    assert.match(await panel.innerText(), /b2\.2/);
    assert.match(await panel.innerText(), /"path": "src\/price.ts"/);
  });

  test("what a call gave is shown as the model read it, and whole; its attempts and its error too", async () => {
    const page = await open("#open=call:b1.6");
    const panel = page.getByRole("complementary");
    assert.match(await panel.innerText(), /1\s+after 420 ms\s+420 ms\s+failed: 503 Service Unavailable/);
    assert.match(await panel.innerText(), /\{"issue":4177,/);
    await panel.getByRole("button", { name: "Whole" }).click();
    assert.match(await panel.innerText(), /"issue": 4177,/);
    await panel.getByRole("button", { name: "the pool github" }).click();
    await page.locator(".limit-name.is-shown").first().waitFor();
    await row(page, "read_file test/missing.test.ts").click();
    assert.match(await panel.innerText(), /tool-error ENOENT: no such file/);
  });

  test("a click on a bar opens its row", async () => {
    const page = await open();
    const box = await page.locator(".lane canvas").boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width / 2, box.y + 26 + 24 * 1.5);
    await page.getByRole("complementary").getByRole("heading", { name: "read_file" }).waitFor();
  });

  test("the critical path is drawn, told of, followed, and hidden", async () => {
    const page = await open();
    assert.match(await labelOf(page, "edit_file src/price.ts"), /on the critical path for 380 ms$/);
    const followed: string[] = [];
    await page.getByRole("treegrid").focus();
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press("n");
      followed.push(await activeRow(page));
    }
    assert.deepEqual(
      followed.map((label) => label.split(",")[0]),
      [
        "r1 · turn 1",
        "fetch_issue 4312",
        "fetch_issue 4177",
        "r1 · turn 2",
        "edit_file src/price.ts",
        "edit_file src/price.ts",
      ],
    );
    const shown = await inkOf(page);
    await page.getByRole("button", { name: "Critical path" }).click();
    await redrawn(page, shown.picture);
    assert.equal(await page.locator('[data-on-path="true"]').count(), 0);
  });

  test("search and filters leave the calls that are wanted, below what holds them", async () => {
    const page = await open();
    await page.getByRole("searchbox").fill("checkout 3");
    assert.deepEqual(await names(page), ["turn 2", "run_tests checkout", "run_shard checkout 3"]);
    await page.getByText("1 of 19 calls").waitFor();
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: /^Outcomes/ }).click();
    await page.getByRole("checkbox", { name: /failed/ }).check();
    assert.deepEqual(await names(page), ["turn 1", "read_file test/missing.test.ts"]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Tools/ }).click();
    await page.getByRole("checkbox", { name: /deploy/ }).check();
    assert.deepEqual(await names(page), ["turn 3", "deploy staging"]);
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByText("No call is like that.").waitFor();
  });

  test("the wheel with Ctrl zooms where the pointer is, dragging moves, and a button resets", async () => {
    const page = await open();
    const box = await page.locator(".lane canvas").boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 4, box.y + 200);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -300);
    await page.keyboard.up("Control");
    const [from, to] = await rangeOf(page);
    assert.ok(to - from < 8_000 && from > 0, `${from} to ${to}`);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 200, { steps: 5 });
    await page.mouse.up();
    const [movedFrom, movedTo] = await rangeOf(page);
    assert.ok(
      movedFrom < from && Math.abs(movedTo - movedFrom - (to - from)) < 0.01,
      `${movedFrom} to ${movedTo}`,
    );
    await page.getByRole("button", { name: "Reset zoom" }).click();
    await page.waitForURL((url) => !url.hash.includes("time="));
    assert.equal(await page.getByRole("complementary").count(), 0, "dragging is no click");
  });

  test("two fingers zoom", async () => {
    const page = await open("", { hasTouch: true });
    const box = await page.locator(".lane canvas").boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + 100];
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove", apart: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: [
          { x: x - apart, y, id: 0 },
          { x: x + apart, y, id: 1 },
        ],
      });
    await touch("touchStart", 40);
    await touch("touchMove", 80);
    await touch("touchMove", 120);
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    const [from, to] = await rangeOf(page);
    assert.ok(to > from && to - from < 6_000, `${from} to ${to}`);
  });

  test("all can be done with the keyboard alone", async () => {
    const page = await open();
    const { keyboard } = page;
    await keyboard.press("ArrowDown");
    assert.match(await activeRow(page), /turn 1/);
    await keyboard.press("ArrowLeft");
    assert.deepEqual((await names(page)).slice(0, 2), ["turn 1", "turn 2"]);
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    assert.match(await activeRow(page), /^read_file src\/cart.ts/);
    await keyboard.press("Enter");
    await page.getByRole("complementary").getByRole("heading", { name: "read_file" }).waitFor();
    await keyboard.press("ArrowDown");
    await page.getByRole("complementary").getByText('"src/price.ts"').waitFor();
    await keyboard.press("Escape");
    assert.equal(await page.getByRole("complementary").count(), 0);
    await keyboard.press("End");
    assert.match(await activeRow(page), /turn 4/);
    await keyboard.press("+");
    const [from, to] = await rangeOf(page);
    await keyboard.press("Shift+ArrowRight");
    await page.waitForURL((url) => !url.hash.includes(`time=${from}-${to}`));
    await keyboard.press("0");
    await page.waitForURL((url) => !url.hash.includes("time="));
    await keyboard.press("/");
    await keyboard.type("deploy t");
    assert.equal(await page.getByRole("searchbox").inputValue(), "deploy t");
    await keyboard.press("Escape");
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
    await keyboard.press("t");
    await page.getByRole("grid").waitFor();
    await keyboard.press("t");
    await page.getByRole("treegrid").waitFor();
    await keyboard.press("?");
    await page.getByRole("dialog", { name: "Help" }).waitFor();
    await keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Help" }).waitFor({ state: "detached" });
  });

  test("the table has the same calls, and is sorted by any column", async () => {
    const page = await open("#view=table");
    assert.equal(await page.getByRole("grid").getAttribute("aria-rowcount"), "20");
    assert.equal(
      await page.locator(".table-row").getByText("held by").first().innerText(),
      "the lock on file/src/price.ts, held by call 1 (edit_file)",
    );
    await page.getByRole("button", { name: "ran" }).click();
    assert.match(await page.locator(".table-row").first().innerText(), /^run_tests\s+checkout/);
    assert.equal(
      await page.getByRole("columnheader", { name: "ran" }).getAttribute("aria-sort"),
      "descending",
    );
    await page.getByRole("button", { name: "ran" }).click();
    assert.match(await page.locator(".table-row").first().innerText(), /^read_file\s+src\/cart.ts/);
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("complementary").getByRole("heading", { name: "read_file" }).waitFor();
  });

  test("light and dark follow the system until they are chosen, and the choice is kept", async () => {
    const page = await open("", { colorScheme: "dark" });
    const scheme = () => page.locator("html").getAttribute("data-scheme");
    assert.equal(await scheme(), "dark");
    const dark = await inkOf(page);
    await page.getByRole("button", { name: "Colour scheme: auto" }).click();
    assert.equal(await scheme(), "light");
    await redrawn(page, dark.picture);
    await page.reload();
    await rows(page).first().waitFor();
    assert.equal(await scheme(), "light");
  });

  test("a link leads to what was looked at: call, zoom, filters, view", async () => {
    const page = await open("#open=call:b2.5&time=3000-6000&tool=run_tests&tool=edit_file");
    await page.getByRole("complementary").getByRole("heading", { name: "run_tests" }).waitFor();
    assert.deepEqual((await names(page)).slice(1), [
      "edit_file src/price.ts",
      "edit_file src/price.ts",
      "edit_file src/cart.ts",
      "run_tests checkout",
    ]);
    await page.keyboard.press("t");
    await page.waitForURL((url) => url.hash.includes("view=table") && url.hash.includes("open=call%3Ab2.5"));
    const link = page.url();
    await page.reload();
    await page.getByRole("grid").waitFor();
    assert.equal(page.url(), link);
    assert.deepEqual(await rangeOf(page), [3_000, 6_000]);
  });

  test("the keyboard is at the rows again when the panel closes, zooms around the active row, and to it", async () => {
    const page = await open();
    const { keyboard } = page;
    const box = await page.locator(".lane canvas").boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width / 2, box.y + 26 + 24 * 1.5);
    await keyboard.press("ArrowDown");
    assert.match(await activeRow(page), /^read_file src\/price.ts/);
    for (let i = 0; i < 5; i++) await keyboard.press("+");
    const [from, to] = await rangeOf(page);
    assert.ok(from < 819 && to > 819 && to - from < 1_500, `${from} to ${to} does not hold the call`);
    await page.getByRole("button", { name: "Close" }).click();
    await keyboard.press("ArrowUp");
    assert.match(await activeRow(page), /^read_file src\/cart.ts/);
    await keyboard.press("z");
    const [closeFrom, closeTo] = await rangeOf(page);
    assert.ok(closeTo - closeFrom < 400, `${closeFrom} to ${closeTo}`);
  });

  test("what is looked for, or led to, is shown, whatever was folded or filtered before", async () => {
    const page = await open();
    await row(page, "run_tests checkout").locator(".fold").click();
    await page.getByRole("searchbox").fill("checkout 3");
    assert.deepEqual(await names(page), ["turn 2", "run_tests checkout", "run_shard checkout 3"]);
    await page.getByRole("searchbox").fill("b2.2");
    await row(page, "edit_file src/price.ts").click();
    await page.getByRole("complementary").getByRole("link", { name: "call 1 (edit_file)" }).click();
    await page.getByRole("complementary").getByText("b2.1 ·").waitFor();
    const active = await page.getByRole("treegrid").getAttribute("aria-activedescendant");
    assert.equal(active, "row-0-call:b2.1");
  });

  test("Back closes what was opened, and goes back to the waterfall", async () => {
    const page = await open();
    await row(page, "deploy staging").click();
    await page.waitForURL((url) => url.hash.includes("open="));
    await page.keyboard.press("t");
    await page.waitForURL((url) => url.hash.includes("view=table"));
    await page.goBack();
    await page.getByRole("treegrid").waitFor();
    await page.getByRole("complementary").getByRole("heading", { name: "deploy" }).waitFor();
    await page.goBack();
    await page.getByRole("complementary").waitFor({ state: "detached" });
  });

  test("a link to a time that is not in the trace shows all of it", async () => {
    const page = await open("#time=900000-990000");
    assert.ok((await inkOf(page)).colours > 5, "nothing is drawn");
    assert.equal(await page.getByRole("button", { name: "Reset zoom" }).isDisabled(), false);
  });

  test("in the table the active row stays in sight, and turn 10 comes behind turn 9", async () => {
    const page = await open("#view=table", { viewport: { width: 1_000, height: 420 } });
    await page.getByRole("grid").focus();
    await page.keyboard.press("End");
    const id = await page.getByRole("grid").getAttribute("aria-activedescendant");
    assert.ok(await page.locator(`[id="${id}"]`).isVisible());
    for (let i = 0; i < 4; i++) await page.keyboard.press("n");
    const next = await page.getByRole("grid").getAttribute("aria-activedescendant");
    assert.ok(next !== null && next !== id && (await page.locator(`[id="${next}"]`).isVisible()));
  });

  test("a trace that began later lies beside the other, from the start of each", async () => {
    const events = await checkoutEvents();
    const late = events.map((event, i) => (i === 0 ? event : { ...event, at: event.at + 30_000 }));
    await using both = await serveTrace(events, { compareWith: late });
    const page = await open("", {}, both);
    await page.getByRole("treegrid").nth(1).getByRole("row").first().waitFor();
    await settled(page);
    const isSame = await page.evaluate(`(() => {
      const [one, two] = [...document.querySelectorAll(".lane canvas")].map((canvas) => {
        const copy = new OffscreenCanvas(canvas.width, 120).getContext("2d");
        copy.drawImage(canvas, 0, 0);
        return copy.getImageData(0, 0, canvas.width, 120).data.join();
      });
      return one === two;
    })()`);
    assert.ok(isSame, "they are not drawn alike");
  });

  test("of a trace of several runs one can be looked at by itself", async () => {
    const { events } = await playRuns(TWO_RUNS);
    await using two = await serveTrace(events);
    const page = await open("", {}, two);
    const all = await rows(page).count();
    await page.getByRole("combobox", { name: "Run" }).selectOption("r2");
    await settled(page);
    const titles = (await names(page)).filter((name) => name.includes("turn"));
    assert.ok(titles.length > 0 && titles.every((title) => title.startsWith("r2 · ")), titles.join());
    assert.ok((await rows(page).count()) < all);
    assert.equal(await figure(page, "calls"), "1");
    assert.match(page.url(), /run=r2/);
  });

  test("two traces are compared: side by side with what differs, on one axis", async () => {
    const page = await open("", {}, compared);
    await page.getByRole("treegrid").nth(1).getByRole("row").first().waitFor();
    await settled(page);
    const [wall, , saved] = await page.locator(".differences td").all();
    assert.deepEqual(
      [await wall?.innerText(), await saved?.innerText()].map((text) => text?.replace(/[✓✗]/, "").trim()),
      ["+5.36 s", "−2.90 s"],
    );
    assert.match((await wall?.getAttribute("class")) ?? "", /worse/);
    await page.locator('[id="row-1-call:b1.2"]').click();
    await page.waitForURL((url) => url.hash.includes("open=call%3Ab1.2%402"));
    const panel = page.getByRole("complementary");
    assert.match(await panel.innerText(), /for call 1 \(read_file\)/);
    const told = tidy(
      await panel.getByRole("heading", { name: "In four.jsonl" }).locator("..").allInnerTexts(),
    );
    assert.deepEqual(told, [
      "In four.jsonl here there difference waited 151 ms 0 ms −151 ms ran 252 ms 252 ms = Show it there o",
    ]);
    assert.match(
      (await page.locator('[id="row-0-call:b1.2"]').getAttribute("class")) ?? "",
      /is-counterpart/,
    );
    await page.keyboard.press("o");
    await page.waitForURL((url) => /open=call%3Ab1.2$/.test(url.hash));
    assert.match(await panel.innerText(), /In one\.jsonl/);
    await page.getByRole("link", { name: "Show it there" }).click();
    await page.waitForURL((url) => url.hash.includes("%402"));
  });
});

function rows(page: Page): Locator {
  return page.getByRole("treegrid").getByRole("row");
}

function row(page: Page, beginning: string): Locator {
  return page.locator(`[role="row"][aria-label^="${beginning}"]`).first();
}

async function labelOf(page: Page, beginning: string): Promise<string> {
  return (await row(page, beginning).getAttribute("aria-label")) ?? "";
}

async function activeRow(page: Page): Promise<string> {
  const id = await page.getByRole("treegrid").getAttribute("aria-activedescendant");
  return (await page.locator(`[id="${id}"]`).getAttribute("aria-label")) ?? "";
}

async function names(page: Page): Promise<string[]> {
  await settled(page);
  const labels = await Promise.all((await rows(page).all()).map((each) => each.getAttribute("aria-label")));
  return labels.map((label) => (label ?? "").split(",")[0]?.replace("r1 · ", "") ?? "");
}

async function figure(page: Page, name: string): Promise<string> {
  return page
    .locator(".figure", { has: page.getByText(name, { exact: true }) })
    .locator("dd")
    .innerText();
}

/** The part of the axis that is shown, as the link says. */
async function rangeOf(page: Page): Promise<[number, number]> {
  await settled(page);
  const [, from, to] = /time=([\d.]+)-([\d.]+)/.exec(page.url()) ?? [];
  return [Number(from), Number(to)];
}

/** What the canvas holds. */
async function inkOf(page: Page): Promise<{ readonly colours: number; readonly picture: string }> {
  await settled(page);
  return page.evaluate(`(() => {
    const canvas = document.querySelector(".lane canvas");
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    return { colours: colours.size, picture: canvas.toDataURL() };
  })()`);
}

/** The waterfall is drawn otherwise than before: a busy machine may take some frames for it. */
async function redrawn(page: Page, before: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) if ((await inkOf(page)).picture !== before) return;
  assert.fail("the waterfall is drawn as it was before");
}

/** The address follows what is shown after a pause; what is shown is drawn in the frame after. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 350)).then(() => undefined)",
  );
}

function tidy(texts: readonly string[]): string[] {
  return texts.map((text) => text.replace(/\s+/g, " ").trim());
}
