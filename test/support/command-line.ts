/** `tutti` as a user starts it: a process of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Many short processes load the same files: they need not all strip the types of them. */
const NODE_COMPILE_CACHE = join(tmpdir(), "tutti-test-compile-cache");

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** What a command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `tutti` may be told beside its arguments. */
export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Arguments of Node itself. */
  readonly node?: readonly string[];
  readonly cwd?: string;
  /** What is piped in. @default nothing */
  readonly input?: string;
  /** Called whenever there is more to read, with all that has come so far. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
}

/** Runs a command to its end. The environment has no key and no address, unless it is given them. */
export function tutti(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/_API_KEY$|_BASE_URL$/.test(name)),
  );
  const child = spawn(process.execPath, [...(options.node ?? []), MAIN, ...args], {
    cwd: options.cwd,
    env: { NODE_COMPILE_CACHE, ...env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(options.input);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    options.onOutput?.(stdout, child);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
