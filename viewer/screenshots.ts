/** `npm run screenshots`: pictures for the docs, of a run on the virtual clock, so that they are the same each time. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveTrace } from "../src/viewer.ts";
import { openPage, startBrowser } from "../test/support/viewer/browser.ts";
import { checkoutTrace } from "../test/support/viewer/checkout-scene.ts";

const DOCS = fileURLToPath(new URL("../docs/", import.meta.url));

const PICTURES = [
  { name: "viewer-light.png", colorScheme: "light", hash: "" },
  { name: "viewer-dark.png", colorScheme: "dark", hash: "" },
  { name: "viewer-call.png", colorScheme: "light", hash: "#open=call:b2.2" },
] as const;

const folder = mkdtempSync(join(tmpdir(), "tutti-screenshots-"));
const path = join(folder, "checkout.jsonl");
writeFileSync(path, await checkoutTrace());
// It builds what is then served.
const browser = await startBrowser();
const viewer = await serveTrace(path);
try {
  for (const { name, colorScheme, hash } of PICTURES) {
    const { page, close } = await openPage(browser, `${viewer.url}${hash}`, {
      colorScheme,
      viewport: { width: 1_360, height: 820 },
      deviceScaleFactor: 1.5,
      locale: "en-GB",
      timezoneId: "UTC",
    });
    // The canvas is drawn in the frame after the rows.
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(DOCS, name) });
    await close();
  }
} finally {
  await browser.close();
  await viewer.close();
  rmSync(folder, { recursive: true });
}
