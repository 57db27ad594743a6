/** A module that does not load. */
throw new RangeError("no such table");
export {};
