/** Statements of SQL and GraphQL: whether one only reads, and what it asks for. */
import type { FreeWord } from "./shell-command.ts";

const KEYWORDS = new Set(
  (
    "select from where and or not in is null as on join left right inner outer full cross using group by order asc desc limit offset " +
    "having distinct count sum avg min max union all with case when then else end like ilike between exists show tables columns databases " +
    "schemas explain describe table values true false cast coalesce lower upper date query"
  ).split(" "),
);

const READS = /^\(*\s*(select|with|show|explain|describe|desc|values|table|query\b|\{)/i;

const CHANGES =
  /\b(insert|update|delete|merge|drop|alter|create|truncate|grant|revoke|replace\s+into|into|call|exec|execute|lock|nextval|setval|mutation|subscription|analyze)\b/i;

/** What a text begins with that is a statement, whatever its key is called. */
const STATEMENT =
  /^\(*\s*(select\b[^]*\bfrom|with\s+\w+\s+as|show\s+(tables|columns|databases|create)|explain|describe|insert\s+into|update\s+\w+\s+set|delete\s+from|drop|alter|create\s+(table|index|view|database|temp)|merge\s+into|truncate|grant|use|begin|commit|rollback|call|set|pragma|mutation\b[^]*\{|query\b[^]*\{|values\s*\()\b/i;

/** The statement in a text, without comments; undefined if it is none. Under a key of its own, any text is one. */
export function statementIn(key: string, text: string, tool: string): string | undefined {
  if (!/^(sql|query|statement|q|command|gql|graphql)$/i.test(key)) return undefined;
  const bare = text
    .replace(/--[^\n]*|\/\*[^]*?\*\//g, " ")
    .replace(/^\s*#[^\n]*$/gm, " ")
    .trim();
  const isOwn =
    /^(sql|statement|gql|graphql)$/i.test(key) || /sql|quer(y|ies)\b|(^|_)db(_|$)|database/i.test(tool);
  return STATEMENT.test(bare) || (isOwn && /^\(*\s*[a-z]+\b|^\{/i.test(bare) && !isQuestion(bare))
    ? bare
    : undefined;
}

/** Whether a statement only reads. */
export function isReadingStatement(statement: string): boolean {
  return READS.test(statement) && !CHANGES.test(statement.replace(/'(?:[^']|'')*'/g, "''"));
}

/** A statement, word by word and sign by sign. Its names and literals are free to be others, within the same quotes. */
export function wordsOfStatement(statement: string): readonly FreeWord[] {
  const found = statement.match(/'(?:[^']|'')*'|"[^"]*"|[\p{L}\p{N}_][\p{L}\p{N}_.$-]*|[^\s;]/gu) ?? [];
  return found.flatMap((text) => {
    const quote = /^['"]/.exec(text)?.[0];
    if (quote !== undefined) {
      const inner = text.slice(1, -1);
      return [
        { text: quote, isFree: false },
        { text: inner, isFree: inner !== "" },
      ];
    }
    const isKeyword = KEYWORDS.has(text.toLowerCase());
    return [
      { text: isKeyword ? text.toLowerCase() : text, isFree: !isKeyword && /[\p{L}\p{N}]/u.test(text) },
    ];
  });
}

/** A query of a search, which some tools call a query, too. */
function isQuestion(text: string): boolean {
  return (
    !STATEMENT.test(text) &&
    !/^\(*\s*(select|with|show|explain|describe|desc|values|table|query|mutation|use|begin|commit|rollback|call|set|pragma|insert|update|delete|drop|alter|create|merge|truncate|grant)\b|^\{/i.test(
      text,
    )
  );
}
