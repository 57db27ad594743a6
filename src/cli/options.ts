/** Values of command line options, read from text. What is wrong with one, commander puts into its one line. */
import { InvalidArgumentError } from "commander";

/** A count of at least 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError("It must be an integer above 0.");
  return count;
}

/** A number above 0. */
export function parsePositive(text: string): number {
  const number = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("It must be a number above 0.");
  return number;
}

/** A port, 0 for any that is free. */
export function parsePort(text: string): number {
  const port = text.trim() === "" ? NaN : Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError("It must be an integer from 0 to 65535.");
  }
  return port;
}

/** The address of a provider's server. */
export function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new InvalidArgumentError("It must be a URL such as http://127.0.0.1:4000.");
  }
  return url;
}
