/** Results after which somebody does something else than was planned: it failed, there was nothing, or it points elsewhere. */
import { isObject } from "../core/is-object.ts";

/** Words such as "not found" in the middle of a long text are the text's. */
const SHORT = 600;
/** Longer JSON is an answer. */
const SHORT_JSON = 4_000;

const FAILED =
  /^\s*(\[?\{?"?error\b(?!"\s*:\s*(null|false|0|""|\[\]))|error:|exception\b|traceback\b|failed\b|failure\b|cannot\b|could not\b|unable to\b|unknown\b|invalid\b|access denied|permission denied|fatal:|<tool_use_error>)|\b(no such \w+|command not found|does ?n[o']t exist|not found|timed out|time ?out exceeded|permission denied|[\w-]+ failed:|exited with code [1-9]|exit(ed with)? (code|status):? [1-9]|fatal:|unauthori[sz]ed|forbidden|not authori[sz]ed|access denied|rate.?limit|too many requests|service unavailable|bad gateway|internal server error|quota exceeded|try again later)|^\s*\w*(Error|Exception)\b|\b(HTTP|status( code)?|error|code)[ :/]*[\d.]* ?[45]\d\d\b/im;

/** A status and its words, as servers put them. */
const HTTP_STATUS = /^\s*[45]\d\d [A-Z][a-z]+/m;

const NOTHING =
  /^\W*(no|false|nil|0)\W*$|^\s*(\[\s*\]|\{\s*\}|null|none|undefined|n\/?a|nothing|nada|nichts|rien)\W*$|^\(?(no|0|zero) \w+\)?\W*$|^\W*(no|0|zero|not any) (\w+ ){0,3}(match|result|file|output|entr|record|row|hit|item|document|page|order|data|flight|room|seat|ticket|slot|event|message|available|found|left|returned)\w*|\b(no|zero|0) (\w+ ){0,3}(found|available|left|returned|exists?|match(es|ed)?|in stock)\b|\bfound (0|no|nothing)\b|\(0 rows?\)|\b0 (results|rows|matches|hits)\b|\b(sold out|out of stock|fully booked|unavailable|nothing (was )?(found|here|matched)|could ?n[o']t (find|be (found|read|opened))|did ?n[o']t (find|match)|unable to (find|locate)|no longer (available|exists?)|not available|is closed|is (empty|full)|all .{0,20}taken)\b|^\(no (output|content)\)$/im;

/** The commonest words for the same in other languages. */
const NOTHING_ELSEWHERE =
  /\b(keine? \w+|nichts gefunden|nicht (gefunden|vorhanden|verfügbar)|ausverkauft|aucune?|introuvable|indisponible|ningun[oa]?|no se (encontr|pud)\w*|nessun[oa]?|nenhum[a]?|geen \w+ gevonden|ingen \w+)\b|не найден|未找到|没有|見つかりません/i;

/** A result that says no more than that something was done: then the call was no read, whatever it is called. */
const DONE =
  /^\W*(ok(ay)?|done|success(ful(ly)?)?|switched|selected|connected|logged (in|out)|signed in|started|opened|loaded|cleared|reset|added|updated|created|saved|set|sent|applied|confirmed|accepted|ready)( (to|in|as|with) \S+)?\W*$/i;

/** A short text that sends its reader on. */
const ELSEWHERE =
  /\b(see|refer to|use \w+ instead|moved|redirect\w*|superseded|replaced by|renamed|deprecated|did you mean|ambiguous|(multiple|several) (matches|results|candidates)|please (specify|provide|choose|use|try)|pending|queued|processing|in progress|not (yet )?ready|expired|insufficient|maintenance|offline|go (on )?to|continue[sd]? (in|at|on|with)|read on|next( page)?:|next page|more (in|at)|siehe|voir|véase)\b/i;

/** What stands where a result was: it was cleared, cut off, or put elsewhere. */
const PLACEHOLDER =
  /^\W*(old )?(tool )?(result|output|content|response|message)?s? ?(content )?(was |were |has been |have been )?(cleared|removed|omitted|elided|redacted|truncated|hidden|compacted|pruned|dropped|left out|not shown)\b|^\[sha-?256 |\b(output|result|response) (is |was )?too (large|long|big)\b|\bfull (output|result) (was )?(saved|written)\b|^\W*(truncated|redacted|snip(ped)?|omitted|…|\.\.\.)\W*$|^\W*\[?(image|picture|photo|pdf|binary|audio|video)\b[^\n]{0,40}\]?\W*$/i;

/** A recording that ends in the middle. */
const CUT = /(\[(\w+ )*(truncated|cut off)[^\]]*\]|\((truncated|cut off)\)|\S{3}(\.\.\.|…))\s*$/i;

/** Fields that count what there is. */
const COUNT =
  /^(count|total|quantity|qty|num_?\w*|hits|matches|matched|size|length|rows?_?count|result_?count|total_?\w*|available|stock|value)$/i;
/** Fields that say whether there is something, or whether it worked. */
const IS_THERE =
  /^(success|succeeded|ok|found|is_?found|available|is_?available|in_?stock|exists|valid|has_?results|authori[sz]ed)$/i;
const STATUS = /^(status|state|result|outcome|code|type)$/i;
const BAD_STATUS =
  /^(error|errors|fail|failed|failure|not_?found|no_?results?|unavailable|empty|denied|timeout|[45]\d\d)$/i;

const ERROR = /^errors?$|^error_?(message|code)$/i;

/** Fields that say something to the reader, and hold nothing. */
const NOTICE =
  /^(message|msg|detail|details|info|note|notice|warning|reason|hint|code|status|type|error_?\w*)$/i;

/** Whether a result stands for one that is not there any more. */
export function isPlaceholder(result: string): boolean {
  return (
    (result.length < SHORT && PLACEHOLDER.test(result)) ||
    (result.length > 200 && CUT.test(result.slice(-60))) ||
    /\([\w ]+, left out\)/.test(result)
  );
}

/** Whether a result is a failure, or nothing, or only says where to look. */
export function isHollow(result: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(result)) return true;
  if (result.length <= SHORT && NOTHING.test(result)) return true;
  const head = result.length > SHORT ? result.slice(0, 200) : result;
  if (FAILED.test(head) || HTTP_STATUS.test(head)) return true;
  if (result.length <= SHORT && NOTHING_ELSEWHERE.test(result)) return true;
  if (result.length <= 200 && (ELSEWHERE.test(result) || DONE.test(result))) return true;
  const json = result.length <= SHORT_JSON && /^\s*[[{"]/.test(result) ? parse(result) : undefined;
  return json !== undefined && saysNothing(json, 0);
}

function saysNothing(json: unknown, depth: number): boolean {
  if (typeof json === "string") return depth > 0 && json.trim() === "";
  if (json === null || depth > 6) return json === null;
  if (Array.isArray(json)) {
    // The parts of a result of MCP's are texts that may be JSON.
    const [only] = json as readonly unknown[];
    return json.length === 0 || (json.length === 1 && isObject(only) && saysNothing(only, depth + 1));
  }
  if (!isObject(json)) return false;
  // That there was no error is no news.
  const fields = Object.entries(json).filter(([key, value]) => value !== null || !ERROR.test(key));
  if (fields.every(([, value]) => isBlank(value))) return true;
  if (fields.length <= 3 && fields.some(([, value]) => isBlank(value))) return true;
  if (fields.every(([key]) => NOTICE.test(key))) return true;
  return fields.some(([key, value]) => isHollowField(key, value, depth));
}

function isHollowField(key: string, value: unknown, depth: number): boolean {
  if (Array.isArray(value))
    return value.length === 0
      ? !/^(errors?|warnings?|tags|labels|notes|children|attachments)$/i.test(key)
      : key === "content" && saysNothing(value, depth + 1);
  if (key === "text" && typeof value === "string") return isHollow(value);
  if (isObject(value)) return saysNothing(value, depth + 1);
  if (ERROR.test(key)) return value !== null && value !== false && value !== 0 && value !== "";
  if (COUNT.test(key) && (value === 0 || value === "0")) return true;
  if (/^(is_?|has_?)?error$/i.test(key) && value === true) return true;
  if (IS_THERE.test(key) && value === false) return true;
  if (STATUS.test(key) && BAD_STATUS.test(String(value))) return true;
  return value === null && /^(data|result|results|response|item|value|body|output)$/i.test(key);
}

function isBlank(value: unknown): boolean {
  return value === null || (typeof value === "string" && /^(\s*|n\/?a|none|null|unknown|-)$/i.test(value));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
