/**
 * When the next attempt may start: the rate of a pool, and the time for which its back-end asked to be left alone.
 *
 * 1. It holds a timer only while a lane is filed with it (G10).
 */
import { FiledLanes, type Filed, type Gate } from "../core/gate.ts";
import type { PoolHost } from "../core/pool.ts";
import type { Rate } from "./rate.ts";

/** A gate that opens by time. */
export class TimeGate implements Gate {
  readonly name: string;
  readonly kind = "rate";
  readonly #rate: Rate | undefined;
  readonly #host: PoolHost;
  readonly #lanes: FiledLanes;
  #closedUntil = -Infinity;
  #before = 0;
  #disarm: (() => void) | undefined;

  constructor(name: string, rate: Rate | undefined, host: PoolHost) {
    this.name = name;
    this.#rate = rate;
    this.#host = host;
    this.#lanes = new FiledLanes(this, host.wakeList);
  }

  get hasRoom(): boolean {
    return this.#waitMs() <= 0;
  }

  /** After one it may be time to wait. */
  get room(): number {
    return this.hasRoom ? 1 : 0;
  }

  take(): number {
    this.#rate?.take(this.#host.now());
    // Those that stay behind must be woken, whoever passes.
    this.#arm();
    return this.#before++;
  }

  /** A place in time is used up. */
  give(): void {}

  file(filed: Filed): void {
    this.#lanes.add(filed);
    this.#arm();
  }

  unfile(filed: Filed): void {
    this.#lanes.remove(filed);
    if (this.#lanes.empty) this.#rest();
  }

  /** Lets nothing pass for so long. */
  close(forMs: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.#host.now() + forMs);
    // Lanes that were about to be woken.
    this.#arm();
  }

  #waitMs(): number {
    const now = this.#host.now();
    return Math.max(this.#closedUntil - now, this.#rate?.waitMs(now) ?? 0);
  }

  #arm(): void {
    if (this.#disarm !== undefined || this.#lanes.empty) return;
    const ms = this.#waitMs();
    if (ms > 0) this.#disarm = this.#host.after(ms, () => this.#open());
  }

  #open(): void {
    this.#disarm = undefined;
    this.#lanes.roomChanged();
    // It may have been closed for longer since.
    this.#arm();
  }

  #rest(): void {
    this.#disarm?.();
    this.#disarm = undefined;
  }
}
