/** A store in memory, of bounded size: what is oldest goes first. */
import { positiveInteger } from "../core/options.ts";
import type { ResultStore } from "../core/result.ts";

/** What `memoryStore` takes. */
export interface MemoryStoreOptions {
  /**
   * Bytes that the texts may have together, at two per character.
   *
   * @default 67108864, which is 64 MiB
   */
  readonly maxBytes?: number | undefined;
}

/**
 * A store that keeps results in memory, until they are the oldest and there is no room. `put` throws a RangeError for a text
 * that is larger than the store.
 *
 * @throws TypeError that names the option and what came
 */
export function memoryStore(options: MemoryStoreOptions = {}) {
  const maxBytes = positiveInteger("maxBytes", options.maxBytes ?? 64 * 1024 * 1024);
  const texts = new Map<string, string>();
  let bytes = 0;
  const remove = (id: string) => {
    bytes -= sizeOf(texts.get(id) ?? "");
    texts.delete(id);
  };
  return {
    put(id: string, text: string): void {
      const size = sizeOf(text);
      if (size > maxBytes) {
        throw new RangeError(
          `a result of ${size} bytes is larger than the whole store, which keeps ${maxBytes}`,
        );
      }
      remove(id);
      for (const oldest of texts.keys()) {
        if (bytes + size <= maxBytes) break;
        remove(oldest);
      }
      texts.set(id, text);
      bytes += size;
    },
    get: (id: string): string | undefined => texts.get(id),
  } satisfies ResultStore;
}

function sizeOf(text: string): number {
  return text.length * 2;
}
