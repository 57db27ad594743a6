/** How time and memory are measured. Machines are noisy: subjects take turns, and the median of their rounds counts. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Something that is timed. */
export interface Subject {
  readonly name: string;
  run(): Promise<unknown>;
}

/**
 * Milliseconds for one `run` of each subject: the median of several rounds, in which the subjects take turns. Many short rounds
 * tell small differences apart, since a machine's speed drifts.
 */
export async function time(
  subjects: readonly Subject[],
  repeats: number,
  rounds = 9,
): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (const subject of subjects)
    for (let i = 0; i < Math.min(Math.max(repeats, 100), 300); i++) await subject.run();
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      const started = performance.now();
      for (let i = 0; i < repeats; i++) await subject.run();
      times.get(subject.name)?.push((performance.now() - started) / repeats);
    }
  }
  return new Map([...times].map(([name, of]) => [name, median(of)]));
}

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Bytes on the heap that are still in use after what is garbage has been collected. */
export async function heapUsed(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  return process.memoryUsage().heapUsed;
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
