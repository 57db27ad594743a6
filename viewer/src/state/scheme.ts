/** Light or dark, as the system has it or as the user says. */
import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";

/** What the user may choose. */
export const SCHEMES = ["auto", "light", "dark"] as const;

/** What the user chose. */
export type Scheme = (typeof SCHEMES)[number];

/** The choice, and what it comes to. */
export interface SchemeState {
  readonly chosen: Signal<Scheme>;
  readonly isDark: ReadonlySignal<boolean>;
}

const KEY = "tutti-scheme";

/** Reads what was chosen before, and keeps what is chosen from now on. */
export function createScheme(): SchemeState {
  const chosen = signal<Scheme>(remembered());
  const system = matchMedia("(prefers-color-scheme: dark)");
  const systemIsDark = signal(system.matches);
  system.addEventListener("change", ({ matches }) => (systemIsDark.value = matches));
  const isDark = computed(() => (chosen.value === "auto" ? systemIsDark.value : chosen.value === "dark"));
  effect(() => {
    document.documentElement.dataset["scheme"] = isDark.value ? "dark" : "light";
    remember(chosen.value);
  });
  return { chosen, isDark };
}

/** The next choice, round and round. */
export function nextScheme(scheme: Scheme): Scheme {
  return SCHEMES[(SCHEMES.indexOf(scheme) + 1) % SCHEMES.length] ?? "auto";
}

function remembered(): Scheme {
  try {
    const kept = localStorage.getItem(KEY);
    return SCHEMES.find((scheme) => scheme === kept) ?? "auto";
  } catch {
    return "auto";
  }
}

function remember(scheme: Scheme): void {
  try {
    localStorage.setItem(KEY, scheme);
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
}
