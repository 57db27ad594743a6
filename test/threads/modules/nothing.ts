/** A module without `execute`. */
export const run = (): number => 1;
export const name = "nothing";
