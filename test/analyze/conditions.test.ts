/** Words of people and models that make a choice or a later step of what they name. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isEnglish, isStepByStep, isUnderCondition } from "../../src/analyze/conditions.ts";
import { fold } from "../../src/analyze/terms.ts";

const said = (text: string) => ({ text: fold(text), sentences: fold(text).split(/(?<=[.!?])\s+/) });

describe("sentences that make a choice of what they name", () => {
  for (const sentence of [
    "Oslo if it rains",
    "Oslo unless it rains",
    "Not before Oslo until then",
    "Bergen, else Oslo",
    "Bergen, otherwise Oslo",
    "Bergen or Oslo",
    "Either way, Oslo",
    "Neither Bergen, Oslo",
    "Oslo, whether it rains",
    "Oslo, whichever it is",
    "Oslo, whoever asks",
    "Oslo, depending on rain",
    "Oslo in case of rain",
    "Oslo instead",
    "Failing that, Oslo",
    "Fallback: Oslo",
    "Our fall back is Oslo",
    "The first of Oslo and Bergen",
    "The last big town that is near Oslo",
    "The cheapest flight between Oslo and Bergen",
    "I think it was Oslo",
    "I suppose Oslo",
    "Maybe Oslo",
    "Perhaps Oslo",
    "Probably Oslo",
    "Presumably Oslo",
    "Possibly Oslo",
    "It might be Oslo",
    "It may be Oslo",
    "It could be Oslo",
    "I'm not sure: Oslo",
    "I suspect Oslo",
    "Supposedly Oslo",
    "Try Oslo",
    "I prefer Oslo",
    "Alternatively Oslo",
    "Backup: Oslo",
    "Mirrors: Oslo",
    "Candidates: Oslo",
    "Options: Oslo",
    "At least one: Oslo",
    "Which of Oslo and Bergen",
    "Any of Oslo and Bergen",
    "One of them, Oslo",
    "Of Oslo and Bergen one is enough",
    "Of Oslo and Bergen one will do",
    "Oslo and Bergen in turn",
    "Oslo as needed",
    "Then Oslo",
    "After that, Oslo",
    "Afterwards Oslo",
    "Next, Oslo",
    "Once there is rain, Oslo",
    "When it rains, Oslo",
    "Oslo, Bergen. If not, Molde.",
    "Oslo, Bergen. Whichever is dry.",
    "Oslo, Bergen. Then only the dry one.",
    "Oslo, Bergen. I want the one that is dry.",
    "Oslo, Bergen. I want both of those.",
  ]) {
    test(sentence, () => assert.ok(isUnderCondition("oslo", said(sentence))));
  }

  test("but not what other sentences name, nor a plain list", () => {
    assert.ok(!isUnderCondition("oslo", said("Oslo and Bergen. Molde, if it rains.")));
    assert.ok(!isUnderCondition("oslo", said("Oslo, Bergen and Molde")));
    assert.ok(!isUnderCondition("oslo", said("Bergen, if it rains")));
  });
});

describe("requests for one step after the other", () => {
  for (const request of [
    "Go on until it works",
    "As long as it rains",
    "Provided that it rains",
    "I need just one",
    "Only one, please",
    "A single one",
    "One suffices",
    "Should it fail, go on",
    "The one that fails",
    "The one with a seat",
    "The cheaper one",
    "Whichever is more cheap of both".replace("cheap of", "expensive of"),
    "Stop at the third",
    "One at a time",
    "One by one",
    "One after the other",
    "Step by step",
    "Stop when it fails",
    "Stop once it fails",
    "As soon as it fails",
    "Follow the links",
    "Follow each link",
  ]) {
    test(request, () => assert.ok(isStepByStep(said(request))));
  }

  test("a plain request is none", () =>
    assert.ok(!isStepByStep(said("Read a.md and b.md and compare them"))));
});

describe("languages", () => {
  for (const text of [
    "Zeige das Wetter in Oslo und Bergen",
    "Montre le temps des villes si possible",
    "El tiempo de Oslo por favor",
    "Il tempo che fa a Oslo e Bergen",
    "Het weer in Oslo als het regent",
    "Pogoda jest w Oslo, jesli pada",
    "Погода в Осло и в Бергене",
    "オスロの天気",
  ]) {
    test(`not understood: ${text}`, () => assert.ok(!isEnglish(said(text))));
  }
  for (const text of [
    "Show the weather in Oslo",
    "Oslo, Bergen",
    "Compare Oslo with Bergen, please, and Molde",
  ]) {
    test(`understood: ${text}`, () => assert.ok(isEnglish(said(text))));
  }
});
