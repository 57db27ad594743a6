/** The events of an executor, as it shows them: to who listens, and to the loops that tell of their turns. */
import type { EventStream } from "./event-stream.ts";
import type { ExecutorListener, LoopEvent } from "./loop-event.ts";
import { aFunction } from "./options.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where all can be heard that happens in an executor, and in the loops around it. */
export class ExecutorEvents {
  readonly #stream: EventStream;
  #runs = 0;
  #turns = 0;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  /**
   * Has a listener hear of everything from now on, until what is returned is called. See `ExecutorListener`.
   *
   * @throws TypeError for what is no function
   */
  listen(listener: ExecutorListener): () => void {
    aFunction("listener", listener);
    return this.#stream.listen(listener);
  }

  /**
   * For tracers: puts code around what runs from now on, until what is returned is called. See `Surroundings`.
   *
   * @throws TypeError for what cannot go around
   */
  surround(surroundings: Surroundings): () => void {
    for (const method of ["began", "around"] as const)
      aFunction(`surroundings.${method}`, (surroundings as Partial<Surroundings> | undefined)?.[method]);
    return this.#stream.surround(surroundings);
  }

  /** For loops: passes on what happened to a turn or a run. */
  tell(event: LoopEvent): void {
    this.#stream.tell(event);
  }

  /** For loops: the name of the next run. */
  nextRun(): string {
    return `r${++this.#runs}`;
  }

  /** For loops: the number of the next turn that belongs to no run. */
  nextTurn(): number {
    return ++this.#turns;
  }
}
