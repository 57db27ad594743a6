/** Messages with nothing in them, and the places of the roles. */
import { first } from "../first.ts";
import { blocksOf, type Rule } from "./request.ts";

/** No message and no text is empty; only the last message may be, if it is the assistant's. */
export const checkContent: Rule = ({ messages }) => {
  const last = messages.length - 1;
  return first(messages, (message, index) => {
    if (message.content.length === 0) {
      return index === last && message.role === "assistant"
        ? undefined
        : `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
    }
    return first(blocksOf(message), ({ type, text }) => {
      if (type !== "text" || String(text).trim() !== "") return undefined;
      return text === ""
        ? "messages: text content blocks must be non-empty"
        : "messages: text content blocks must contain non-whitespace text";
    });
  });
};

/** The user speaks first, and a system message comes before the assistant's turn. */
export const checkRoles: Rule = ({ messages }) => {
  if (messages[0]?.role === "assistant") return 'messages: first message must use the "user" role';
  return first(messages, ({ role }, index) => {
    const next = messages[index + 1]?.role;
    return role === "system" && next !== undefined && next !== "assistant"
      ? `messages.${index}: role 'system' must precede an 'assistant' message or end the array`
      : undefined;
  });
};
