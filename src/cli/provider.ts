/** The provider's client, which is an optional peer of the package: loaded when it is needed, pointed where the user says. */
import type * as Sdk from "@anthropic-ai/sdk";
import { TuttiError } from "../core/errors.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line needs of the package. */
export type ProviderPackage = Pick<typeof Sdk, "Anthropic">;

/**
 * Loads the official client.
 *
 * @throws TuttiError `missing-dependency` that says how to install it
 */
export async function loadProvider(): Promise<ProviderPackage> {
  try {
    return await import("@anthropic-ai/sdk");
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new TuttiError(
      "missing-dependency",
      "the package @anthropic-ai/sdk is not installed; run: npm install @anthropic-ai/sdk",
      { cause: error },
    );
  }
}

/**
 * A client with the key of the environment. A server on this machine needs none.
 *
 * @throws UsageError if there is no key; TuttiError `missing-dependency`
 */
export async function createClient(baseUrl: URL | undefined): Promise<Sdk.Anthropic> {
  const { Anthropic } = await loadProvider();
  const key = process.env["ANTHROPIC_API_KEY"] || (isLoopback(baseUrl) ? "none needed" : undefined);
  if (key === undefined) {
    throw new UsageError(
      "ANTHROPIC_API_KEY is not set; set it, or use --base-url with the address that `tutti simulate` prints",
    );
  }
  return new Anthropic({ apiKey: key, ...(baseUrl === undefined ? {} : { baseURL: baseUrl.href }) });
}

/** What to tell when a model failed because its server was not there; undefined if that was not why. */
export function unreachable(error: TuttiError, baseUrl: URL | undefined): UsageError | undefined {
  // The client's class for it; told by name, as the package may be there twice.
  const { cause } = error;
  if (!(cause instanceof Error) || !cause.constructor.name.startsWith("APIConnection")) return undefined;
  const where = baseUrl?.href ?? "the provider";
  const hint = isLoopback(baseUrl) ? "is the simulator running there?" : "check the address and the network";
  return new UsageError(`cannot reach ${where} (${reasonOf(cause)}); ${hint}`, { cause });
}

function isLoopback(url: URL | undefined): boolean {
  return url !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** What went wrong, from where it is said best: the system's code if there is one, or the innermost cause. */
function reasonOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
