/**
 * What the tools of BFCL's multi-turn turns touch, declared from their descriptions alone, as whoever registers them would.
 *
 * Nothing is read off the recorded conflicts: they are facts of one state ("the user was logged in already"), where a
 * declaration has to hold in all. Where a description leaves a doubt, the more careful reading is taken, and the line says so.
 */
import type { Effects, Footprint, Resource } from "../../src/index.ts";

type Input = Readonly<Record<string, unknown>>;
/** A word or a function, as for `defineTool`; or a footprint that is the same for every input. */
type Declared = Effects<Input> | Footprint;

/** The declarations of a class of tools, by name. */
type Declarations = Readonly<Record<string, Declared>>;

/**
 * Names are relative to a current directory that the declaration can't know. So everything reads it and `cd` writes it:
 * between two `cd` a name means one file, and across one nothing overlaps.
 */
const FOLDER = ["file-system", "current-folder"];
/** Everything below the current directory. */
const FILES = ["file-system", "files"];

const fileSystem: Declarations = {
  // The folder it goes to must be there; what is in it may be written meanwhile, but that waits for the folder anyway.
  cd: ({ folder }) => ({ reads: [entry(folder)], writes: [FOLDER] }),
  pwd: { reads: [FOLDER] },
  ls: inFolder({ reads: [FILES] }),
  // "a directory and its contents": which one is not an argument, so the current one.
  du: inFolder({ reads: [FILES] }),
  // Goes down into all folders below its path.
  find: ({ path }) => inFolder({ reads: [isOutside(path) ? FILES : entry(path)] }),
  cat: ({ file_name }) => inFolder({ reads: [entry(file_name)] }),
  grep: ({ file_name }) => inFolder({ reads: [entry(file_name)] }),
  tail: ({ file_name }) => inFolder({ reads: [entry(file_name)] }),
  wc: ({ file_name }) => inFolder({ reads: [entry(file_name)] }),
  // "Sort the contents of a file" may mean that the file is sorted afterwards.
  sort: ({ file_name }) => inFolder({ writes: [entry(file_name)] }),
  diff: ({ file_name1, file_name2 }) => inFolder({ reads: [entry(file_name1), entry(file_name2)] }),
  touch: ({ file_name }) => inFolder({ writes: [entry(file_name)] }),
  // Without a file it only shows its text.
  echo: ({ file_name = "None" }) => (file_name === "None" ? {} : inFolder({ writes: [entry(file_name)] })),
  mkdir: ({ dir_name }) => inFolder({ writes: [entry(dir_name)] }),
  rm: ({ file_name }) => inFolder({ writes: [entry(file_name)] }),
  rmdir: ({ dir_name }) => inFolder({ writes: [entry(dir_name)] }),
  // The destination is a folder to copy into, or the copy itself: two copies to one destination may be to the same file.
  cp: ({ source, destination }) => inFolder({ reads: [entry(source)], writes: [entry(destination)] }),
  mv: ({ source, destination }) => inFolder({ writes: [entry(source), entry(destination)] }),
};

/** Who is logged in. */
const USER = ["messages", "user"];
/** Who is in the workspace; a new contact gets an id, so two of them are in order. */
const CONTACTS = ["messages", "contacts"];
/** All messages, in the order in which they were sent, with ids. */
const MESSAGES = ["messages", "sent"];

const messages: Declarations = {
  message_login: { reads: [CONTACTS], writes: [USER] },
  message_get_login_status: { reads: [USER] },
  list_users: { reads: [CONTACTS] },
  get_user_id: { reads: [CONTACTS] },
  // It doesn't say that one must be logged in, but whoever sends does, so this may as well.
  add_contact: { reads: [USER], writes: [CONTACTS] },
  // The receiver may be a contact that was just added.
  send_message: { reads: [USER, CONTACTS], writes: [MESSAGES] },
  delete_message: { reads: [USER, CONTACTS], writes: [MESSAGES] },
  view_messages_sent: { reads: [USER, CONTACTS, MESSAGES] },
  search_messages: { reads: [USER, CONTACTS, MESSAGES] },
  get_message_stats: { reads: [USER, CONTACTS, MESSAGES] },
};

/** Who is logged in. */
const TRADER = ["trading", "user"];
/** Balance and transactions: each of them shows, so two changes of one are in order. */
const ACCOUNT = ["trading", "account"];
const ORDERS = ["trading", "orders"];
/** A list whose order shows. */
const WATCHLIST = ["trading", "watchlist"];
/** Stocks and their prices, which no tool here sets. */
const MARKET = ["trading", "market"];

const trading: Declarations = {
  trading_login: { writes: [TRADER] },
  trading_logout: { writes: [TRADER] },
  trading_get_login_status: { reads: [TRADER] },
  get_current_time: "none",
  get_stock_info: { reads: [MARKET] },
  get_symbol_by_name: { reads: [MARKET] },
  get_available_stocks: { reads: [MARKET] },
  filter_stocks_by_price: { reads: [MARKET] },
  notify_price_change: { reads: [MARKET] },
  get_account_info: { reads: [TRADER, ACCOUNT] },
  get_transaction_history: { reads: [TRADER, ACCOUNT] },
  fund_account: { reads: [TRADER], writes: [ACCOUNT] },
  withdraw_funds: { reads: [TRADER], writes: [ACCOUNT] },
  get_order_history: { reads: [TRADER, ORDERS] },
  get_order_details: ({ order_id }) => ({ reads: [TRADER, [...ORDERS, String(order_id)]] }),
  // The new order's id is not known before; money may be set aside for it, and given back when it is cancelled.
  place_order: { reads: [TRADER, MARKET], writes: [ORDERS, ACCOUNT] },
  cancel_order: ({ order_id }) => ({ reads: [TRADER], writes: [[...ORDERS, String(order_id)], ACCOUNT] }),
  get_watchlist: { reads: [TRADER, WATCHLIST] },
  add_to_watchlist: { reads: [TRADER, MARKET], writes: [WATCHLIST] },
  remove_stock_from_watchlist: { reads: [TRADER], writes: [WATCHLIST] },
};

/** By class. Sums touch nothing. */
const BFCL_EFFECTS: Readonly<Record<string, Declarations | "none">> = {
  GorillaFileSystem: fileSystem,
  MathAPI: "none",
  MessageAPI: messages,
  TradingBot: trading,
};

/** What a tool of a class touches, for `defineTool`; `undefined` if it is not declared. */
export function effectsOf(toolClass: string, name: string): Effects<Input> | undefined {
  const declarations = BFCL_EFFECTS[toolClass];
  const declared = typeof declarations === "string" ? declarations : declarations?.[name];
  return typeof declared === "object" ? () => declared : declared;
}

/** What a call in the current folder touches beside it. */
function inFolder({ reads = [], writes }: Footprint): Footprint {
  return { reads: [FOLDER, ...reads], writes };
}

/** A file or folder below the current one, with all that is in it. */
function entry(path: unknown): Resource {
  const segments = String(path).split("/");
  return [...FILES, ...segments.filter((segment) => segment !== "" && segment !== ".")];
}

function isOutside(path: unknown): boolean {
  return String(path).startsWith("/") || String(path).split("/").includes("..");
}
