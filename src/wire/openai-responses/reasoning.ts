/** Reasoning items go back with what they led to, or not at all. */
import type { ResponsesItem } from "./protocol.ts";
import { withoutId } from "./replay.ts";

/** Whether an item is reasoning. */
export function isReasoning({ type }: ResponsesItem): boolean {
  return type === "reasoning";
}

/**
 * The items without reasoning that the API would refuse: with nothing behind it ("was provided without its required
 * following item"), or, where nothing is stored, without its encrypted content ("Items are not persisted when `store` is set
 * to false"). An item whose reasoning is gone must not be known by its id: "'function_call' was provided without
 * its required 'reasoning' item".
 */
export function withoutLooseReasoning(items: readonly ResponsesItem[], stored: boolean): ResponsesItem[] {
  const last = items.findLastIndex((item) => !isReasoning(item));
  const kept: ResponsesItem[] = [];
  let isGone = false;
  for (const item of items.slice(0, last + 1)) {
    if (isReasoning(item) && !stored && !hasEncryptedContent(item)) isGone = true;
    else kept.push(isGone ? withoutId(item) : item);
  }
  return kept;
}

function hasEncryptedContent(item: ResponsesItem): boolean {
  return Boolean((item as { readonly encrypted_content?: unknown }).encrypted_content);
}

/**
 * Whether a model gives its reasoning in encrypted form when it is asked to: "Encrypted content is not supported with this
 * model" is what the others say.
 */
export function givesEncryptedReasoning(model: string): boolean {
  return /^(openai[./])?(o\d|gpt-([5-9]|\d{2})|codex)/.test(model) && !model.includes("-chat");
}
