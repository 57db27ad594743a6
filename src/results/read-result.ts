/** `read_result`: the tool with which the model reads what was cut, a page at a time, or finds something in it. */
import type { ImagePart, ResultStore } from "../core/result.ts";
import { defineTool, type Tool } from "../core/tool.ts";
import { fit, type Budget } from "./fit.ts";
import { imageFromBase64 } from "./image.ts";
import { READER } from "./note.ts";
import { matchesOf, pageOf, type Answer } from "./page.ts";
import { isImageId } from "./result-id.ts";

// Every request pays for these words: what a field means, its name says.
const DESCRIPTION =
  "Reads on in a result that was cut, by the id in its note: a page from `offset` on, or where it holds the text `find`.";

const INPUT = {
  type: "object",
  properties: {
    id: { type: "string" },
    offset: { type: "integer", minimum: 0 },
    limit: { type: "integer", minimum: 1 },
    find: { type: "string" },
  },
  required: ["id"],
  additionalProperties: false,
} as const;

interface Input {
  readonly id: string;
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
}

/** The tool. What it answers fits the budget, except that a page has at least a character. */
export function readResultTool(store: ResultStore, budget: Budget): Tool {
  return defineTool({
    name: READER,
    description: DESCRIPTION,
    input: INPUT,
    effects: "none",
    execute: async (input): Promise<string | ImagePart> => {
      // Some models fill in every field.
      const { id, offset = 0, limit = Infinity, find = "" } = input as unknown as Input;
      const text = await store.get(id);
      if (text === undefined) {
        throw new Error(
          `no result is kept under the id "${id}": it may have been dropped since, or the id is not exact; make the original call again`,
        );
      }
      const image = isImageId(id) ? imageFromBase64(text) : undefined;
      if (image !== undefined) return image;
      return textWithin(
        find === "" ? pageOf(text, { offset, limit }) : matchesOf(text, find, offset),
        budget,
      );
    },
  }) as Tool;
}

function textWithin(answer: Answer, budget: Budget): string {
  const [part] = fit(answer, budget) ?? answer.show(0);
  return part?.type === "text" ? part.text : "";
}
