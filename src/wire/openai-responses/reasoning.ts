/** Reasoning items go back with what they led to, or not at all. */
import type { ResponsesItem } from "./protocol.ts";

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
  const kept = items.filter(
    (item, i) => !isReasoning(item) || (i < last && (stored || hasEncryptedContent(item))),
  );
  const isWhole =
    kept.length === items.length || items.slice(0, last + 1).every((item) => kept.includes(item));
  return isWhole ? kept : kept.map(withoutId);
}

function hasEncryptedContent(item: ResponsesItem): boolean {
  return Boolean((item as { readonly encrypted_content?: unknown }).encrypted_content);
}

function withoutId(item: ResponsesItem): ResponsesItem {
  if (isReasoning(item)) return item;
  const { id: _, ...rest } = item;
  return rest;
}
