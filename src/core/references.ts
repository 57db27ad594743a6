/**
 * The references of one batch: which calls they name, and what becomes of a call once those have ended.
 *
 * A call whose input holds references stands in line for what it may touch (`expectedEffects`). When the calls are done that
 * it names, its input is made whole and checked like that of any call; then it is known what it touches.
 */
import type { CallRequest } from "./call-request.ts";
import { beyond } from "./effects.ts";
import { invalidEffects, invalidReference, type Failure } from "./failure.ts";
import { prepare, type Prepared, type Ready } from "./intake.ts";
import type { LiveCall } from "./live-call.ts";
import { valueAt } from "./output-value.ts";
import { replaceReferences, type Grammar, type Reference } from "./reference.ts";
import type { Scheduler } from "./scheduler.ts";
import { textOf } from "./thrown.ts";
import type { Tool } from "./tool.ts";
import type { Unresolved } from "./unresolved.ts";

/** The calls among which a reference is looked up: those of a turn, or those of one list in it. */
export interface Frame {
  /** Undefined where references are not read. */
  readonly grammar: Grammar | undefined;
  find(name: string): LiveCall | undefined;
  /** Which there are, for the model. */
  describe(): string;
}

/** What the references of a batch need of it. */
export interface ReferenceListener {
  /** The call comes after this one. */
  comesAfter(live: LiveCall, before: LiveCall): void;
  /** The input is whole and checked. */
  resolved(live: LiveCall, prepared: Ready): void;
}

/** The references of one batch. */
export class References {
  readonly #scheduler: Scheduler;
  readonly #timeoutMs: number;
  readonly #listener: ReferenceListener;

  constructor(scheduler: Scheduler, timeoutMs: number, listener: ReferenceListener) {
    this.#scheduler = scheduler;
    this.#timeoutMs = timeoutMs;
    this.#listener = listener;
  }

  /** Finds the calls that a call's references name. While the batch is open, those that are not there may still come. */
  bind(live: LiveCall, frame: Frame, isOpen: boolean): Failure | undefined {
    const { unresolved } = live;
    for (const { call: name, text } of unresolved?.references ?? []) {
      if (unresolved === undefined || unresolved.targets.has(name)) continue;
      const target = frame.find(name);
      if (target === live) return invalidReference(`"${text}" refers to the call that it stands in`, text);
      if (target === undefined && isOpen) continue;
      if (target === undefined)
        return invalidReference(`"${text}" refers to call ${name}, and ${frame.describe()}`, text);
      // `$2` and `$02` are one call.
      const isNew = ![...unresolved.targets.values()].includes(target);
      unresolved.targets.set(name, target);
      if (isNew) this.#listener.comesAfter(live, target);
    }
    return undefined;
  }

  /** Whether some calls that it names have not come yet, or come later. */
  looksAhead({ unresolved, order }: LiveCall): boolean {
    if (unresolved === undefined) return false;
    return unresolved.references.some(
      ({ call }) => (unresolved.targets.get(call)?.order ?? Infinity) > order,
    );
  }

  /** The calls that it names are done: makes its input whole. */
  resolve(live: LiveCall): void {
    const { unresolved } = live;
    if (unresolved === undefined || unresolved.checking) return;
    unresolved.checking = true;
    let input: unknown;
    try {
      input = replaceReferences(unresolved.input, unresolved.grammar, (reference) =>
        valueOf(reference, unresolved),
      );
    } catch (cause) {
      return this.#scheduler.fail(
        live,
        invalidReference(textOf(cause, "a reference leads nowhere"), undefined),
      );
    }
    live.call = { ...live.call, input };
    const request: CallRequest = { name: live.call.name, input };
    const prepared = prepare(request, input, { tool: live.tool as Tool, grammar: undefined });
    // What looked at the input may have stopped the batch.
    if (live.settled) return;
    if (prepared instanceof Promise) this.#await(live, prepared);
    else this.#checked(live, prepared);
  }

  #await(live: LiveCall, check: Promise<Prepared>): void {
    const { timers } = this.#scheduler;
    live.timer = timers.set(live.tool?.timeoutMs ?? this.#timeoutMs, checkTookTooLong, live);
    check
      .then((prepared) =>
        this.#scheduler.step(() => {
          if (live.settled) return;
          live.timer?.clear();
          live.waited(this.#scheduler.clock.now(), { for: "validation" });
          this.#checked(live, prepared);
        }),
      )
      .catch(() => {});
  }

  #checked(live: LiveCall, prepared: Prepared): void {
    if (!prepared.ok) return this.#scheduler.fail(live, prepared.failure);
    const more = beyond(live.effects, prepared.effects);
    if (more !== undefined) {
      const why = `it ${more}, which could not be told before the calls were done that it refers to`;
      return this.#scheduler.fail(live, invalidEffects(`${why}; make it again with the values themselves`));
    }
    this.#listener.resolved(live, prepared);
  }
}

function valueOf({ text, call, path }: Reference, { targets }: Unresolved<LiveCall>): unknown {
  const outcome = targets.get(call)?.outcome;
  try {
    return valueAt(outcome?.output, path);
  } catch (cause) {
    throw new Error(`"${text}" leads nowhere: ${textOf(cause, "it cannot be read")}`, { cause });
  }
}

function checkTookTooLong(live: LiveCall): void {
  live.batch.callTookTooLong(live, `the check of the input of ${live.call.name} took too long`);
}
