/** `npm run browser:install`: installs Debian's Chromium where no browser is. */
import { execFileSync } from "node:child_process";
import { browserPath } from "./browser.ts";

const path = browserPath();
if (path === undefined) {
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]])
    execFileSync("apt-get", args, {
      stdio: "inherit",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
}
process.stdout.write(`browser: ${browserPath() ?? "none"}\n`);
