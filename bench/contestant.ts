/** What runs a turn of calls in `limited-back-end`: Tutti, bare promises, or a peer. */

/** How one of them runs a turn. */
export interface Contestant {
  readonly name: string;
  /**
   * Runs one call per id at once, as if a model had made them in one turn, each of which does `look`; resolves when the turn
   * is over. A call that fails must not make it reject.
   */
  run(ids: readonly string[], look: Look): Promise<unknown>;
}

/** What each call does. It rejects with an error whose cause is the `Response` if the back-end refuses. */
export type Look = (id: string) => Promise<string>;

/** What a module of `bench/peers` exports. */
export interface PeerModule {
  contestants(): readonly Contestant[];
}
