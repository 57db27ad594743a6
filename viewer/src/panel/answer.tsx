/** What came of a call: as the model read it, and as the tool returned it. */
import { useSignal } from "@preact/signals";
import type { TracedCall } from "../../../src/trace/trace.ts";
import { formatCount } from "../format.ts";
import { Section } from "./section.tsx";
import { Value } from "./value.tsx";

type ResultPart = NonNullable<TracedCall["answer"]>["parts"][number];
type ImagePart = Extract<ResultPart, { type: "image" }>;

/** Shows both. */
export function Answer({ call }: { readonly call: TracedCall }) {
  const chosen = useSignal<"model" | "tool">(call.answer === undefined ? "tool" : "model");
  const { answer, output, status } = call;
  if (status === "going") return null;
  if (answer === undefined && output === undefined) return null;
  const shown = answer === undefined ? "tool" : output === undefined ? "model" : chosen.value;
  return (
    <Section title="Output">
      {answer !== undefined && output !== undefined && (
        <div class="switch" role="group" aria-label="Output">
          <button aria-pressed={shown === "model"} onClick={() => (chosen.value = "model")}>
            As the model read it
          </button>
          <button aria-pressed={shown === "tool"} onClick={() => (chosen.value = "tool")}>
            Whole
          </button>
        </div>
      )}
      {shown === "model" && answer !== undefined ? (
        answer.parts.map((part, i) => <Part key={i} part={part} />)
      ) : (
        <Value value={output} />
      )}
    </Section>
  );
}

function Part({ part }: { readonly part: ResultPart }) {
  if (part.type === "text") return <Value value={part.text} />;
  return isImage(part) ? (
    <img
      class="image"
      alt={`An image, ${part.mediaType}`}
      src={`data:${part.mediaType};base64,${part.data}`}
    />
  ) : (
    <p class="note">
      Something that is no image, of {formatCount(String((part as ImagePart).data).length)} characters.
    </p>
  );
}

const MEDIA_TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** A trace may be anybody's: what would make an address of another kind is not shown. */
function isImage({ mediaType, data }: ImagePart): boolean {
  return MEDIA_TYPES.has(mediaType) && typeof data === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
}
