/** The tool that every peer is given. */
import { z } from "zod";

/** Its input. */
export const inputSchema = z.object({ id: z.string() });

export type Input = z.infer<typeof inputSchema>;

/** Its name and what a model reads of it. */
export const facts = { name: "look", description: "Looks something up" } as const;
