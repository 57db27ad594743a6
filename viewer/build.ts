/**
 * `npm run build:viewer`: builds the app into `dist/viewer/app`, from where the package serves it. With `--if-changed` it does
 * nothing where that holds what was built of the same sources.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  globSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  mkdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("./", import.meta.url));
const REPOSITORY = dirname(ROOT.replace(/\/$/, ""));
const TARGET = join(REPOSITORY, "dist/viewer/app");
const STAMP = ".built-of";

/** Builds the app, unless it is there already. */
export async function buildViewer(options: { readonly ifChanged: boolean }): Promise<void> {
  const stamp = stampOf();
  if (options.ifChanged && builtOf() === stamp) return;
  mkdirSync(dirname(TARGET), { recursive: true });
  // Two may build at once: each in a folder of its own, and the last one stays.
  const outDir = mkdtempSync(join(dirname(TARGET), ".app-"));
  try {
    await build({
      root: ROOT,
      configFile: false,
      logLevel: "warn",
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      build: {
        outDir,
        emptyOutDir: true,
        target: "es2022",
        modulePreload: false,
        assetsInlineLimit: 0,
        rollupOptions: {
          output: {
            entryFileNames: "viewer-[hash].js",
            chunkFileNames: "[name]-[hash].js",
            assetFileNames: "[name]-[hash][extname]",
          },
        },
      },
    });
    if (options.ifChanged) writeFileSync(join(outDir, STAMP), stamp);
    chmodSync(outDir, 0o755);
    replace(outDir);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** Tries again where another build was faster. */
function replace(outDir: string): void {
  for (let left = 5; ; left--) {
    rmSync(TARGET, { recursive: true, force: true });
    try {
      return renameSync(outDir, TARGET);
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

function stampOf(): string {
  const hash = createHash("sha256");
  const sources = [
    "viewer/**/*.{ts,tsx,css,html}",
    "src/{trace,core,results,cli}/**/*.ts",
    "package-lock.json",
  ];
  for (const path of globSync(sources, { cwd: REPOSITORY }).sort())
    hash.update(path).update(readFileSync(join(REPOSITORY, path)));
  return hash.digest("hex");
}

function builtOf(): string | undefined {
  try {
    return readFileSync(join(TARGET, STAMP), "utf8");
  } catch {
    return undefined;
  }
}

if (import.meta.main) await buildViewer({ ifChanged: process.argv.includes("--if-changed") });
