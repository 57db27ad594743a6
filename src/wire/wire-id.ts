/**
 * The ids of calls as a provider takes them. Servers leave ids out, use one twice, count them anew in each turn, or write
 * them in a form that another provider refuses; a history that holds one of those is refused for good.
 *
 * 1. An id that is legal and new stays as it came.
 * 2. Any other becomes nine letters and digits, which every provider takes, made from the id and from nothing else.
 * 3. No two calls of a history share an id, and the same history gives the same ids (G8), so that prompt caches hold.
 */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** The length that Mistral demands: "must be a-z, A-Z, 0-9, with a length of 9". */
const LENGTH = 9;
const SPACE = BigInt(ALPHABET.length) ** BigInt(LENGTH);

/** What OpenAI's and most compatible servers take: anything that is not empty. */
export const ANY_ID = /^[^]+$/;
/** "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40" */
export const SHORT_ID = /^[^]{1,40}$/;
/** "String should match pattern '^[a-zA-Z0-9_-]+$'"; Bedrock adds the length. */
export const WORD_ID = /^[a-zA-Z0-9_-]{1,64}$/;
/** Mistral: "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9." */
export const NINE_ID = /^[a-zA-Z0-9]{9}$/;

/** Gives out the ids of one history, in the order of its calls. */
export class WireIds {
  readonly #legal: RegExp;
  readonly #used: Set<string>;
  /** How many were made of an id. */
  readonly #made = new Map<string, number>();

  /** `legal` is what the provider takes; `used` are the ids that the history holds already. */
  constructor(legal: RegExp, used: Iterable<string> = []) {
    this.#legal = legal;
    this.#used = new Set(used);
  }

  /** The id for the next call: its own if that is legal and new. `undefined` and an empty text are no ids. */
  take(id: string | null | undefined): string {
    const own = id ?? "";
    let taken = own;
    while (!this.#legal.test(taken) || this.#used.has(taken)) taken = this.#make(own);
    this.#used.add(taken);
    return taken;
  }

  #make(id: string): string {
    const n = (this.#made.get(id) ?? 0) + 1;
    this.#made.set(id, n);
    return toNine(hash(`${n}:${id}`) % SPACE);
  }
}

function toNine(number: bigint): string {
  const base = BigInt(ALPHABET.length);
  let rest = number;
  let text = "";
  for (let i = 0; i < LENGTH; i++, rest /= base) text += ALPHABET[Number(rest % base)];
  return text;
}

/** FNV-1a of 64 bits, over UTF-16 code units. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): bigint {
  let value = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return value;
}
