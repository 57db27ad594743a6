/** Statements of SQL and GraphQL: whether one only reads, and what it asks for. */

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

/** A statement, word by word and sign by sign; what is in quotes is a word between them. */
export function wordsOfStatement(statement: string): readonly string[] {
  const found = statement.match(/'(?:[^']|'')*'|"[^"]*"|[\p{L}\p{N}_][\p{L}\p{N}_.$-]*|[^\s;]/gu) ?? [];
  return found.flatMap((word) => (/^['"]./.test(word) ? [word.slice(0, 1), word.slice(1, -1)] : [word]));
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
