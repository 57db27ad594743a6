/**
 * Reasoning goes back with what it led to, and what it led to with it (O9). Nothing is kept here, so that what belongs together is
 * told from ids: those of one response share a token, and an item that followed reasoning says so in its id.
 */
import { first } from "../first.ts";
import { type Fault } from "../openai/fault.ts";
import { createToken } from "../seed.ts";
import { followerOf } from "./pairing-rules.ts";
import { itemsOf, type InputItem, type Rule } from "./request.ts";

const MARK = "gAAAAATutti";
/** `fc_<token>_2_r0`: the item at 2 of its response, which follows the reasoning at 0. */
const OWN_ID = /^(?:fc|ctc|msg)_([A-Za-z0-9]+)_\d+_r(\d+)$/;

/** The id of a reasoning item. */
export function reasoningId(token: string, place: number): string {
  return `rs_${token}_${place}`;
}

/** The id of another item; `after` is the place of the reasoning that it follows. */
export function itemId(
  prefix: string,
  {
    token,
    place,
    after,
  }: { readonly token: string; readonly place: number; readonly after: number | undefined },
): string {
  return `${prefix}_${token}_${place}${after === undefined ? "" : `_r${after}`}`;
}

/** The encrypted content of a reasoning item: no conversation need be remembered to know it again. */
export function encrypt(id: string): string {
  return `${MARK}${createToken(`reasoning/${id}`, 32)}${createToken(`content/${id}`, 32)}==`;
}

/** Whether only its maker can tell if encrypted content is right. */
export function isForeign(content: unknown): boolean {
  return typeof content === "string" && content !== "" && !content.startsWith(MARK);
}

/** Reasoning and what follows it. */
export const checkReasoning: Rule = (request) => {
  const items = itemsOf(request);
  const known = new Set(
    items.filter(({ type }) => type === "reasoning").map(({ id }) => String(id as string)),
  );
  return first(items, (item, index) =>
    item.type === "reasoning"
      ? checkItem(item, { follower: followerOf(items, index), stored: request.store !== false })
      : checkFollows(item, known),
  );
};

function checkItem(
  item: InputItem,
  { follower, stored }: { readonly follower: InputItem | undefined; readonly stored: boolean },
): Fault | undefined {
  const id = String(item["id"] as string);
  const content = item["encrypted_content"];
  if (follower === undefined) {
    const message = `Item '${id}' of type 'reasoning' was provided without its required following item.`;
    return { message, param: "input" };
  }
  if (typeof content === "string" && content !== "" && !isForeign(content) && content !== encrypt(id)) {
    const message = `The encrypted content for item ${id} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`;
    return { message, code: "invalid_encrypted_content" };
  }
  if (stored || (typeof content === "string" && content !== "")) return undefined;
  const message = `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`;
  return { message, param: "input" };
}

function checkFollows({ id, type }: InputItem, known: ReadonlySet<string>): Fault | undefined {
  const [, token, place] = OWN_ID.exec(String(id as string)) ?? [];
  if (token === undefined) return undefined;
  const reasoning = reasoningId(token, Number(place));
  if (known.has(reasoning)) return undefined;
  const message = `Item '${String(id as string)}' of type '${type ?? "message"}' was provided without its required 'reasoning' item: '${reasoning}'.`;
  return { message, param: "input" };
}
