/** Until references: outputs as resources. */
import type { Effects, Footprint } from "../../src/index.ts";

type Input = Readonly<Record<string, unknown>>;

export function standIn(effects: Effects<Input>): Effects<Input> {
  return (input) => {
    const is = String(input["expectedIs"] ?? "");
    if (is === "") return typeof effects === "function" ? effects(input) : words(effects);
    const base: Footprint = typeof effects === "function" ? effects(input) : words(effects);
    const needs = (input["needs"] ?? []) as string[];
    return {
      reads: [...(base.reads ?? []), ...needs.map((n) => ["out", n])],
      writes: [...(base.writes ?? []), ["out", `$${is}`]],
    };
  };
}

function words(word: "none" | "read" | "write"): Footprint {
  return word === "none" ? {} : word === "read" ? { reads: [""] } : { writes: [""] };
}
