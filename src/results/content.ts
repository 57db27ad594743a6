/**
 * Outputs that hold more than text: images, arrays with images among their items, and the results of MCP tools
 * (`{ content: [{ type: "text", text }, { type: "image", data, mimeType }] }`).
 */
import type { ImagePart, ResultPart, TextPart } from "../core/result.ts";
import { toBytes } from "./bytes.ts";
import { imageFromBase64, imageFromBytes } from "./image.ts";
import { toText } from "./text.ts";

type Fields = Readonly<Record<string, unknown>>;

const MCP_KEYS = new Set(["content", "structuredContent", "isError", "_meta"]);
const MCP_TYPES = new Set<unknown>(["text", "image", "audio", "resource", "resource_link"]);

/** An MCP tool's result. */
export interface McpResult {
  readonly content: readonly unknown[];
  readonly isError?: unknown;
}

/**
 * Whether an output is an MCP tool's result. It must have no other key: a document that happens to have a `content` is
 * data, and would lose the rest.
 */
export function isMcpResult(output: unknown): output is McpResult {
  if (!isObject(output)) return false;
  const { content } = output;
  if (!Array.isArray(content) || content.length === 0) return false;
  return (
    content.every((item) => isObject(item) && MCP_TYPES.has(item["type"])) &&
    Object.keys(output).every((key) => MCP_KEYS.has(key))
  );
}

/** Whether an array is content, item by item, rather than data: it holds an image. */
export function holdsImage(output: unknown): output is readonly unknown[] {
  return Array.isArray(output) && output.some((item) => toImage(item) !== undefined);
}

/** The part for an item of a content. */
export function itemPart(item: unknown): ResultPart {
  return toImage(item) ?? textPart(mcpText(item) ?? toText(item));
}

/** The part for a whole output. */
export function outputPart(output: unknown): ResultPart {
  return toImage(output) ?? textPart(toText(output));
}

/** A text part; a text that is empty says so. */
export function textPart(text: string): TextPart {
  return { type: "text", text: text === "" ? "(empty)" : text };
}

/** Bytes that are an image, what `image()` made, or MCP's image. */
function toImage(value: unknown): ImagePart | undefined {
  const bytes = toBytes(value);
  if (bytes !== undefined) return imageFromBytes(bytes);
  if (!isObject(value) || value["type"] !== "image" || typeof value["data"] !== "string") return undefined;
  return imageFromBase64(value["data"]);
}

/** The text of an MCP item; undefined for what is best said in JSON. */
function mcpText(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  switch (item["type"]) {
    case "text":
      return wellFormed(item["text"]);
    case "image":
    case "audio":
      return base64Note(item["mimeType"], item["data"]);
    case "resource": {
      const { resource } = item;
      if (!isObject(resource)) return undefined;
      return wellFormed(resource["text"]) ?? base64Note(resource["mimeType"], resource["blob"]);
    }
    default:
      return undefined;
  }
}

/** A note instead of base64 that no model can read. */
function base64Note(mediaType: unknown, data: unknown): string | undefined {
  if (typeof data !== "string") return undefined;
  const size = Math.floor((data.replace(/=+$/, "").length * 3) / 4);
  return `(${wellFormed(mediaType) ?? "binary data"}, ${size} bytes)`;
}

function wellFormed(value: unknown): string | undefined {
  return typeof value === "string" ? value.toWellFormed() : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
