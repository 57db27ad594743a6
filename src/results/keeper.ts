/** Puts results into a store, whatever the store does: a batch is answered although it throws, rejects or hangs. */
import type { Clock } from "../core/clock.ts";
import type { ResultStore } from "../core/result.ts";
import type { Whereabouts } from "./note.ts";

/** Milliseconds after which a store counts as failed. A batch waits no longer; twice that where images are kept. */
const STORE_TIMEOUT_MS = 5_000;

/** What a keeper is made of. */
export interface KeeperOptions {
  /** Undefined: nothing is kept. */
  readonly store: ResultStore | undefined;
  readonly clock: Clock;
  /** Whether the model has the tool that reads what is kept. */
  readonly isReadable: boolean;
}

/** Keeps what is cut. */
export class Keeper {
  readonly #options: KeeperOptions;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Keeps a text, and says where it then is. It never rejects. */
  async keep(id: string, text: string): Promise<Whereabouts> {
    const { store, isReadable } = this.#options;
    if (store === undefined) return { kind: "not-kept" };
    try {
      const put = store.put(id, text);
      if (put !== undefined && !(await this.#settles(put))) return { kind: "lost" };
    } catch {
      return { kind: "lost" };
    }
    return { kind: isReadable ? "readable" : "kept", id };
  }

  /** Whether a promise resolves in time. */
  async #settles(put: Promise<void>): Promise<boolean> {
    const { clock } = this.#options;
    let timer: unknown;
    const late = new Promise<false>((resolve) => {
      timer = clock.setTimer(() => resolve(false), STORE_TIMEOUT_MS);
    });
    try {
      return await Promise.race([put.then(() => true), late]);
    } finally {
      clock.clearTimer(timer);
    }
  }
}
