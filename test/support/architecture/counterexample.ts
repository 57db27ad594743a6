/** A small project that breaks one rule: proof that the rule can fail. */
import type { RULES } from "./rules.ts";

/** A project that breaks one rule. */
export interface Counterexample {
  readonly rule: keyof typeof RULES;
  /** What is wrong, as a noun. */
  readonly refuses: string;
  readonly files: Readonly<Record<string, string>>;
  /** The findings: path and line. */
  readonly at: readonly string[];
}
