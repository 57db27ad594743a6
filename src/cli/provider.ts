/**
 * The providers that the command line can ask, a row each. Their clients are optional peers of the package: the one that is
 * asked is loaded when it is needed, and pointed where the user says.
 */
import { anthropicModel } from "../model/anthropic-model.ts";
import { geminiModel } from "../model/gemini-model.ts";
import type { Model } from "../model/model.ts";
import { openaiChatModel } from "../model/openai-chat-model.ts";
import { openaiResponsesModel } from "../model/openai-responses-model.ts";
import { TuttiError } from "../core/errors.ts";

/** The names that `--provider` takes. */
export const PROVIDER_NAMES = ["anthropic", "openai", "openai-responses", "gemini"] as const;

/** One of them. */
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** How a provider is asked. */
export interface Connection {
  readonly key: string;
  /** @default the provider's own server */
  readonly baseUrl: string | undefined;
  /** How often the client sends a request again. @default what the client does */
  readonly maxRetries?: number | undefined;
  readonly model: string;
  readonly maxTokens: number;
}

/** A provider. The history of its models is nobody's business here, so their messages have no type. */
export interface Provider {
  readonly name: ProviderName;
  /** The package of its client. */
  readonly package: string;
  /** The variables of the environment that may hold its key, the first one that is set counts. */
  readonly keys: readonly [string, ...string[]];
  /** The variable of the environment that may hold another address, the same that its client heeds. */
  readonly url: string;
  readonly defaultModel: string;
  /** What its client wants behind the address of a server. */
  readonly path: "" | "/v1";
  /** Code that makes a client for an address, to show to people. */
  readonly example: (baseUrl: string) => string;
  /**
   * Its model, through its official client.
   *
   * @throws TuttiError `missing-dependency` that says how to install the client
   */
  connect(connection: Connection): Promise<Model<unknown>>;
}

const OPENAI = {
  package: "openai",
  keys: ["OPENAI_API_KEY"],
  url: "OPENAI_BASE_URL",
  defaultModel: "gpt-5.5",
  path: "/v1",
  example: (baseUrl: string) => `new OpenAI({ baseURL: "${baseUrl}", apiKey: "any" })`,
} as const;

const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  anthropic: {
    name: "anthropic",
    package: "@anthropic-ai/sdk",
    keys: ["ANTHROPIC_API_KEY"],
    url: "ANTHROPIC_BASE_URL",
    defaultModel: "claude-sonnet-5-5",
    path: "",
    example: (baseUrl) => `new Anthropic({ baseURL: "${baseUrl}", apiKey: "any" })`,
    connect: async ({ model, maxTokens, ...connection }) => {
      const { Anthropic } = await load("@anthropic-ai/sdk", () => import("@anthropic-ai/sdk"));
      return anthropicModel(new Anthropic(clientOptions(connection)), { model, maxTokens });
    },
  },
  openai: {
    ...OPENAI,
    name: "openai",
    connect: async ({ model, maxTokens, ...connection }) => {
      const { OpenAI } = await load("openai", () => import("openai"));
      return openaiChatModel(new OpenAI(clientOptions(connection)), { model, maxTokens });
    },
  },
  "openai-responses": {
    ...OPENAI,
    name: "openai-responses",
    connect: async ({ model, maxTokens, ...connection }) => {
      const { OpenAI } = await load("openai", () => import("openai"));
      return openaiResponsesModel(new OpenAI(clientOptions(connection)), { model, maxTokens });
    },
  },
  gemini: {
    name: "gemini",
    package: "@google/genai",
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    url: "GOOGLE_GEMINI_BASE_URL",
    defaultModel: "gemini-3.6-flash",
    path: "",
    example: (baseUrl) =>
      `new GoogleGenAI({ httpOptions: { baseUrl: "${baseUrl}" }, apiKey: "any", vertexai: false })`,
    connect: async ({ model, maxTokens, key, baseUrl, maxRetries }) => {
      const { GoogleGenAI } = await load("@google/genai", () => import("@google/genai"));
      const httpOptions = {
        ...(baseUrl !== undefined && { baseUrl }),
        ...(maxRetries !== undefined && { retryOptions: { attempts: maxRetries + 1 } }),
      };
      // Otherwise the client lets variables of the environment decide where it goes.
      const client = new GoogleGenAI({ apiKey: key, vertexai: false, httpOptions });
      return geminiModel(client, { model, maxTokens });
    },
  },
};

/** The provider of a name. */
export function providerOf(name: ProviderName): Provider {
  return PROVIDERS[name];
}

/** All providers. */
export function allProviders(): readonly Provider[] {
  return PROVIDER_NAMES.map(providerOf);
}

function clientOptions({ key, baseUrl, maxRetries }: Omit<Connection, "model" | "maxTokens">) {
  return {
    apiKey: key,
    ...(baseUrl !== undefined && { baseURL: baseUrl }),
    ...(maxRetries !== undefined && { maxRetries }),
  };
}

async function load<Package>(name: string, from: () => Promise<Package>): Promise<Package> {
  try {
    return await from();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new TuttiError(
      "missing-dependency",
      `the package ${name} is not installed; run: npm install ${name}`,
      {
        cause: error,
      },
    );
  }
}
