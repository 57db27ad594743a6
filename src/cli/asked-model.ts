/** The model that a command asks: which, where, and with whose key, out of its flags and the environment. */
import { InvalidArgumentError, Option } from "commander";
import type { TuttiError } from "../core/errors.ts";
import type { Model } from "../model/model.ts";
import { parseCount, parseUrl } from "./options.ts";
import { PROVIDER_NAMES, providerOf, type Provider, type ProviderName } from "./provider.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line says of a model. */
export interface ModelFlags {
  readonly provider: ProviderName;
  readonly model?: string;
  readonly baseUrl?: URL;
  readonly maxTokens: number;
}

/** A model, and where it is. */
export interface AskedModel {
  readonly provider: Provider;
  readonly name: string;
  readonly model: Model<unknown>;
  /** What to tell when the model failed because its server was not there; undefined if that was not why. */
  unreachable(error: TuttiError): UsageError | undefined;
}

/** The options that say which model is asked. */
export function modelOptions(): Option[] {
  return [
    new Option("--provider <name>", "whose protocol is spoken; openai is that of most compatible servers")
      .choices(PROVIDER_NAMES)
      .default("anthropic"),
    new Option("--model <name>", "the model; each provider has a default"),
    new Option(
      "--base-url <url>",
      "another server than the provider's: a compatible one, or `tutti simulate`; on loopback no key is needed",
    ).argParser(parseUrl),
    new Option("--max-tokens <n>", "tokens that one turn may have").argParser(parseCount).default(8192),
  ];
}

/** What `--help` says of keys and addresses. */
export const ENVIRONMENT = `
Keys are read from ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY or GOOGLE_API_KEY, addresses from ANTHROPIC_BASE_URL,
OPENAI_BASE_URL, GOOGLE_GEMINI_BASE_URL.`;

/**
 * The model with the key of the environment. A server on this machine needs none.
 *
 * @throws UsageError if there is no key; TuttiError `missing-dependency`
 */
export async function askedModel({ maxTokens, ...flags }: ModelFlags): Promise<AskedModel> {
  const provider = providerOf(flags.provider);
  const name = flags.model ?? provider.defaultModel;
  const baseUrl = flags.baseUrl ?? urlOf(provider);
  const key = keyOf(provider, baseUrl);
  // A client that appends paths of its own wants none to end in a slash.
  const address = baseUrl?.href.replace(/\/$/, "");
  const model = await provider.connect({ key, baseUrl: address, model: name, maxTokens });
  return { provider, name, model, unreachable: (error) => unreachable(error, baseUrl) };
}

function urlOf({ url }: Provider): URL | undefined {
  const text = process.env[url];
  if (text === undefined || text === "") return undefined;
  try {
    return parseUrl(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageError(`\`${url}\` of the environment is invalid. ${error.message}`, { cause: error });
  }
}

function keyOf({ keys }: Provider, baseUrl: URL | undefined): string {
  const key = keys.map((name) => process.env[name]).find((value) => value !== undefined && value !== "");
  if (key !== undefined) return key;
  if (isLoopback(baseUrl)) return "none needed";
  throw new UsageError(
    `${keys.join(" or ")} is not set; set it, or use --base-url with the address that \`tutti simulate\` prints`,
  );
}

/** What the system, or fetch, says of a connection that did not come about. */
const NO_CONNECTION: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function unreachable({ cause }: TuttiError, baseUrl: URL | undefined): UsageError | undefined {
  if (!(cause instanceof Error)) return undefined;
  const reason = reasonOf(cause);
  // Anthropic's and OpenAI's clients have a class for it; told by name, as the package may be there twice.
  if (!cause.constructor.name.startsWith("APIConnection") && !NO_CONNECTION.has(reason)) return undefined;
  const where = baseUrl?.href ?? "the provider";
  const hint = isLoopback(baseUrl) ? "is the simulator running there?" : "check the address and the network";
  return new UsageError(`cannot reach ${where} (${reason}); ${hint}`, { cause });
}

/** What went wrong, from where it is said best: the system's code if there is one, or the innermost cause. */
function reasonOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

function isLoopback(url: URL | undefined): boolean {
  return url !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
