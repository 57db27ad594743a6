/** The provider's client, which is an optional peer of the package. */
import type * as Sdk from "@anthropic-ai/sdk";
import { TuttiError } from "../core/errors.ts";

/** What the command line needs of the package. */
export type ProviderPackage = Pick<typeof Sdk, "Anthropic" | "APIConnectionError">;

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
