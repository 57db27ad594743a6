/** Readers for the histories of a wire: what the wire knows of its protocol is not said twice. */
import { isObject } from "../../core/is-object.ts";
import type { Usage, Wire } from "../../wire/wire.ts";
import type { SessionReader } from "../reader.ts";
import { messageListReader, type MessageFormat } from "./message-list.ts";

/** What is told apart before anything is read. */
export interface WireFormat extends Pick<
  MessageFormat<unknown>,
  "describes" | "key" | "isHistory" | "systemOf"
> {
  /** Whether a value is a response of the protocol. */
  isResponse(value: Readonly<Record<string, unknown>>): boolean;
  /** An entry as the wire knows it, where a client writes it otherwise. */
  normalise?(entry: unknown): unknown;
}

/** A reader for the histories of a protocol: repaired first, as a log may have been cut anywhere. */
export function wireReader<Message, Response, Event, Definition>(
  wire: Wire<Message, Response, Event, Definition>,
  format: WireFormat,
): SessionReader {
  return messageListReader<Message>({
    ...format,
    format: wire.name,
    responseOf: (response) => {
      if (!format.isResponse(response)) return undefined;
      const { messages, usage } = wire.read(response as Response);
      return { messages, usage: known(usage) };
    },
    toPlain: (messages) => {
      const all = messages.map((message) => (format.normalise?.(message) ?? message) as Message);
      return wire.toPlain(wire.repair(all));
    },
  });
}

/** A response without a usage has used something all the same. */
function known({ inputTokens, cachedInputTokens, outputTokens }: Usage): Partial<Usage> {
  return inputTokens > 0 ? { inputTokens, cachedInputTokens, outputTokens } : {};
}

/** Whether all entries are objects of which at least one has what only this protocol has, and none what it has not. */
export function looksLike(
  list: readonly unknown[],
  has: (entry: Readonly<Record<string, unknown>>) => "own" | "possible" | "foreign",
): boolean {
  const found = list.map((entry) => (isObject(entry) ? has(entry) : "foreign"));
  return found.includes("own") && !found.includes("foreign");
}
