/**
 * The calls of one batch: those of the turn, numbered as the model wrote them, and those wrapped in one of them. It makes
 * them, and knows which can be referred to by what name.
 */
import type { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import type { CallRequest } from "./call-request.ts";
import { invalidReference, type Failure } from "./failure.ts";
import { IdempotencyKeys } from "./idempotency.ts";
import { inputOf } from "./intake.ts";
import { LiveCall, type CallBatch, type CallListener } from "./live-call.ts";
import type { ReferenceMode } from "./reference.ts";
import type { Frame } from "./references.ts";
import { isWrapper, NumberedFrame, unwrap, Wrappers, type WrappedCall } from "./wrapper.ts";

/** Each call on a circle is told of it: thousands that each name thousands are too much for anybody. */
const MOST_NAMED = 10;

/** What the calls of a batch are made with. */
export interface BatchCallsOptions {
  readonly batch: CallBatch & { readonly key: string };
  readonly listener: CallListener;
  readonly clock: Pick<Clock, "now">;
  /** How references are read; undefined if not. */
  readonly references: ReferenceMode | undefined;
}

/** The calls of one batch. */
export class BatchCalls {
  /** In the order in which they came. */
  readonly all: LiveCall[] = [];
  /** Those that have an outcome of their own: all but those inside a wrapper. */
  readonly answered: LiveCall[] = [];
  /** How many have not settled. */
  unsettled = 0;
  readonly #options: BatchCallsOptions;
  readonly #frame: Frame;
  readonly #wrappers: Wrappers;
  readonly #keys = new IdempotencyKeys(this.all);

  constructor(options: BatchCallsOptions) {
    this.#options = options;
    this.#frame = new NumberedFrame(this.answered, options.references);
    this.#wrappers = new Wrappers(options.references);
  }

  create({ id, name }: CallRequest, input: unknown, wrapper: LiveCall | undefined): LiveCall {
    const { batch, listener, clock } = this.#options;
    const siblings = wrapper === undefined ? this.answered : this.#wrappers.callsIn(wrapper);
    const index = siblings.length;
    const plain = { key: `${wrapper?.key ?? batch.key}.${index + 1}`, id, name, input, index };
    const node = wrapper && this.#wrappers.nodeAt(wrapper, index);
    const call = node === undefined ? plain : { ...plain, node };
    const live = new LiveCall(call, batch, { now: clock.now(), order: this.all.length, listener, wrapper });
    siblings.push(live);
    this.all.push(live);
    this.unsettled++;
    return live;
  }

  /** The calls that a call stands for, if it is a wrapper of calls. */
  unwrap({ call, tool, wrapper }: LiveCall, request: CallRequest): WrappedCall[] | undefined {
    const wraps = isWrapper(call.name, tool) && wrapper === undefined && request.truncated !== true;
    return wraps ? unwrap(call.input, tool) : undefined;
  }

  /** Makes the calls inside a wrapper; all of them are there before the first can settle, and the wrapper with it. */
  createInside(
    wrapper: LiveCall,
    wrapped: readonly WrappedCall[],
    create: (request: CallRequest, input: unknown) => LiveCall,
  ): LiveCall[] {
    this.#wrappers.add(wrapper, wrapped);
    return wrapped.map(({ request }) => create(request, inputOf(request)));
  }

  /** Tells which calls one inside a wrapper comes after; what is wrong with that, if a plan is. */
  connect(live: LiveCall, comesAfter: (before: LiveCall) => void): Failure | undefined {
    return live.wrapper && this.#wrappers.connect(live.wrapper, live.call.index, comesAfter);
  }

  /** The calls inside a call. */
  inside(live: LiveCall): readonly LiveCall[] {
    return this.#wrappers.callsIn(live);
  }

  /** Whether a call ends when those inside it have. */
  isWrapper(live: LiveCall): boolean {
    return this.#wrappers.has(live);
  }

  /** Which call fails for a circle that it is on: a wrapper ends when the calls in it have, so the one in it that it waits for. */
  faultyOn(circle: readonly LiveCall[], live: LiveCall): LiveCall {
    return this.isWrapper(live) ? (circle[(circle.indexOf(live) + 1) % circle.length] as LiveCall) : live;
  }

  /** What is wrong with the calls on a circle; named as the model names them, if they stand in one list. */
  isCircular(circle: readonly LiveCall[]): Failure {
    const { key } = this.#options.batch;
    const some = circle.slice(0, MOST_NAMED);
    const inOneList = some.every(({ wrapper }) => wrapper === circle[0]?.wrapper);
    const names = some.map((live) =>
      inOneList ? (live.call.node ?? live.call.index + 1) : live.key.slice(key.length + 1),
    );
    const way = [...names, ...(circle.length > MOST_NAMED ? ["…"] : []), names[0]].join(" → ");
    return invalidReference(`calls wait for each other in a circle: ${way}`, undefined);
  }

  /** Where the references of a call are looked up. */
  frameOf({ wrapper }: LiveCall): Frame {
    return (wrapper && this.#wrappers.frameOf(wrapper)) ?? this.#frame;
  }

  /** A call has settled: its wrapper, and what answers it, if this was the last one in it. */
  settled(live: LiveCall): { readonly live: LiveCall; readonly output: unknown[] } | undefined {
    this.unsettled--;
    return this.#wrappers.settled(live);
  }

  idempotencyKey(call: Call): string {
    return this.#keys.of(call);
  }
}
