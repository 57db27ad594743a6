/** `tutti/gemini`: Gemini's generateContent, for the loop of `tutti/agent` or for one of one's own. */
export { gemini, geminiWire } from "./wire/gemini/wire.ts";
