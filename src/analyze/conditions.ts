/** Words that make a choice or a later step of what people want, as far as they can be listed; only English is. */

/** Something that was said, folded. */
export interface Said {
  readonly text: string;
  readonly sentences: readonly string[];
}

/** Words that make what a sentence names a choice, a second choice, or a later step. */
const CONDITION = new RegExp(
  [
    String.raw`\b(if|unless|until|else|otherwise|or|either|neither|whether|whichever|whoever|depending|in case|instead|failing that|fall ?back)\b`,
    String.raw`\bthe (first|last|next|best|only|right|\w{3,}est) (\w+ ){0,2}(of|that|which|among|between)\b`,
    String.raw`\b(i (think|guess|believe|suppose)|maybe|perhaps|probably|presumably|possibly|might|may be|could be|not sure|suspect|supposedly)\b`,
    String.raw`\b(try|prefer\w*|alternativ\w*|backup|mirrors?|candidates?|options?|at least one|which (one )?of)\b`,
    String.raw`\bany (one )?of\b|\bone (of (them|these|those)|is enough|will do)\b|\bin turn\b|\bas needed\b`,
    String.raw`^\W*(then|after (that|this)|afterwards|next|once|when)\b`,
  ].join("|"),
);

/** Words that make what the sentence before them names a choice. */
const AFTERWARDS =
  /^\W*(if (not|so|that|it)|otherwise|else|whichever|whoever|then (only|just)|(\w+ ){0,5}(whichever|whoever|the one (that|which|with|whose)|of (those|these|them))\b)/;

/** Words that make each step a choice, whatever it is about. */
const STEP_BY_STEP =
  /\b(until|as long as|provided|just one|only one|a single|suffices?|should (it|he|she|they|there|any\w*|one)|the one (that|which|who|whose|with)|(the|whichever is) (\w+er|more \w+|less \w+) (one|of)|stop at|one (at a time|by one|after (the other|another)|is enough)|step by step|stop (when|as soon as|once)|as soon as|follow (the|each|every|it|them))\b/;

/** Words that English has, and words that it has not. */
const ENGLISH =
  /\b(the|what|please|show|and|with|this|get|read|compare|check|find|look|tell|give|how|which|need|in|for|to|is|are|about|my|from|all|everything|where|who|review|summari[sz]e)\b/;
const FOREIGN =
  /\b(der|das|und|ist|eine?|bitte|wenn|falls|les?|des|une?|si|el|los|las|que|por|hasta|gli|che|il|di|het|een|als|om|och|att|og|hvis|jest|jesli|caso|bei|bis|jusqu|piove|bir|eger)\b|[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;

/** Whether a text is in English, whose conditions are known, or hardly more than names. It is folded. */
export function isEnglish({ text }: Said): boolean {
  const isShort = text.trim().split(/\s+/).length <= 4;
  return (isShort || ENGLISH.test(text)) && !FOREIGN.test(text);
}

/** Whether a text names a value in a sentence that makes it a choice. Both are folded. */
export function isUnderCondition(value: string, { text, sentences }: Said): boolean {
  if (!text.includes(value)) return false;
  return sentences.some(
    (sentence, i) =>
      sentence.includes(value) && (CONDITION.test(sentence) || AFTERWARDS.test(sentences[i + 1] ?? "")),
  );
}

/** Whether a text asks for one step after the other. It is folded. */
export function isStepByStep({ text }: Said): boolean {
  return STEP_BY_STEP.test(text);
}
