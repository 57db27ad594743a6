/**
 * The ids of what is kept: made of the content alone, so that the same result has the same id after a restart, is kept once,
 * and cannot be asked for by who has not seen it.
 */

/** The id of a text. */
export function resultId(text: string): string {
  return `result_${digest(text)}`;
}

/** The id of an image. */
export function imageId(data: string): string {
  return `image_${digest(data)}`;
}

/** Whether an id, which may be anything, is one of an image. */
export function isImageId(id: string): boolean {
  return id.startsWith("image_");
}

function digest(text: string): string {
  return [0, 1].map((seed) => cyrb53(text, seed).toString(36).padStart(11, "0")).join("");
}

/** A hash of 53 bits by bryc, in the public domain: https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js */
function cyrb53(text: string, seed: number): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
