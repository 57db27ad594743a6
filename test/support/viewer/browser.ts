/**
 * A browser for tests of the viewer: Debian's Chromium, or what `CHROMIUM_PATH` names. Where there is none, tests that need
 * one are skipped and say so; in CI they fail.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { buildViewer } from "../../../viewer/build.ts";

const PLACES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Nothing but what the test asks for goes over the network. */
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the browser is; undefined where there is none. */
export function browserPath(): string | undefined {
  return PLACES.find((path) => path !== undefined && path !== "" && existsSync(path));
}

/** Why tests that need a browser are skipped; false if they are not. */
export function withoutBrowser(): string | false {
  if (browserPath() !== undefined || process.env["CI"] === "true") return false;
  return "there is no Chromium; `npm run browser:install` installs it, or set CHROMIUM_PATH";
}

/** Builds the app if need be, and starts a browser. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  assert.ok(executablePath, "there is no Chromium; `npm run browser:install` installs it");
  await buildViewer({ ifChanged: true });
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A page, and what it complained of. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors, warnings, and what the page's own security policy refused. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens a link, and waits until rows are shown. */
export async function openPage(
  browser: Browser,
  link: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  await page.goto(link);
  await page.locator('[role="row"][aria-label], .table-row').first().waitFor();
  await page.locator('.trace[aria-busy="false"]').first().waitFor();
  return { page, complaints, close: () => context.close() };
}
