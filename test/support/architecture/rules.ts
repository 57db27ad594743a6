/** All rules of the house. */
import { documentation, headers } from "./comments.ts";
import { exportForms, names, size } from "./files.ts";
import { adapters, cycles, entries, imports, pageImports, rooms } from "./layers.ts";
import { dependencies, lockFile, optionalPeers, packageEntries, scripts } from "./packages.ts";
import type { Rule } from "./project.ts";
import { guarantees, machines } from "./promises.ts";
import { coreGlobals, coreImports, coreWords } from "./purity.ts";

/** The rules, by name. */
export const RULES = {
  imports,
  pageImports,
  rooms,
  adapters,
  entries,
  cycles,
  size,
  names,
  exportForms,
  coreImports,
  coreGlobals,
  coreWords,
  headers,
  documentation,
  packageEntries,
  scripts,
  dependencies,
  optionalPeers,
  lockFile,
  guarantees,
  machines,
} satisfies Record<string, Rule>;
