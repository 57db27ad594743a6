/** Requests that are understood, word by word, and such that are not. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arePlain, areWhollyKnown } from "../../src/analyze/plain-request.ts";
import { asksForEach, hasConditionWord } from "../../src/analyze/plain-words.ts";
import { fold, termsOfToken, tokensIn } from "../../src/analyze/terms.ts";

/** What tools, keys and values are called in calls about these sentences. */
const CALLED =
  "get_thing city Oslo Bergen Molde New York file src/a.ts src/b.ts a.md b.md AAPL MSFT web-1 web-2 T-1 T-2 " +
  "USD EUR GBP account C-1 orders day Monday Tuesday";

function namesOf(called: string): ReadonlySet<string> {
  return new Set(tokensIn(fold(called)).flatMap((token) => [...termsOfToken(token)]));
}

const sentencesOf = (text: string) => fold(text).split(/(?<=[.!?])\s+|\n+/);
const isPlain = (text: string, called = CALLED) => arePlain(sentencesOf(text), namesOf(called));

const plain = [
  "What's the weather in Oslo, Bergen and Molde? Which is warmest?",
  "Which of AAPL and MSFT has the highest price?",
  "Which of these cities is the warmest today: Oslo, Bergen?",
  "Tell me where it's coldest: Oslo and Bergen.",
  "I'm planning a trip. Give me the current temperature in Oslo and New York.",
  "I have meetings in Oslo and Bergen next week. What will the weather be like?",
  "Could you please look up the opening hours of Oslo and Bergen?",
  "I'd like to know the forecast for Oslo and Bergen tomorrow.",
  "We need the balance for accounts C-1 and T-1.",
  "Find flights from Oslo to Bergen and Molde on Monday.",
  "Read src/a.ts and src/b.ts, then refactor them to share code.",
  "Take a look at a.md and b.md and draft an email to the team based on them.",
  "Review src/a.ts and src/b.ts for security issues",
  "Check if the servers web-1 and web-2 are healthy",
  "Are the servers web-1 and web-2 healthy?",
  "Do a.md and b.md contain errors?",
  "How much memory do web-1 and web-2 use?",
  "How far is it from Oslo to Bergen and Molde?",
  "What time is it in Oslo and New York right now?",
  "When were Oslo and Bergen founded?",
  "Find out when Oslo and Bergen were founded.",
  "What is the exchange rate from USD to EUR and GBP?",
  "Summarize the following articles: a.md, b.md",
  "Weather for:\n- Oslo\n- Bergen",
  "I'll start with a.md and b.md.",
  "Let me look at a.md and b.md.",
  "Starting by reading a.md and b.md",
  "Get ticket T-1 and T-2, then write a summary of them.",
  "What differs between Oslo and Bergen?",
  "How far is it from Oslo to Bergen and Molde by car?",
  "The weather in Oslo and Bergen. Thank you so much for your help!",
  "Do you know the weather in Oslo and Bergen?",
  "Can you tell me the weather in Oslo and Bergen?",
  "Thanks! Now the same weather".replace("the same ", "the "),
];

const notPlain = [
  // What sets one apart from the others.
  "Oslo is the fallback of ours, Bergen",
  "Show Oslo and Bergen. Oslo is the reserve.",
  "Show Oslo and Bergen. The goal is 12 seats.",
  "Show Oslo and Bergen. My party is four.",
  "Show Oslo and Bergen. I'm happy with a single slot.",
  "Show Oslo and Bergen; the moment it rains, tell me.",
  // Where to look for one answer.
  "What is the address? a.md, b.md",
  "What is the address? I have a.md and b.md.",
  "What is the address? The files are a.md and b.md.",
  "Which server has the wiki, Oslo or Bergen?",
  "Which order is the blue lamp, Oslo or Bergen?",
  "Review a.md and b.md for the leak",

  // One of what is listed.
  "Find me a room: Oslo, Bergen.",
  "I need a room today: Oslo, Bergen",
  "Is there a shop in Oslo and Bergen?",
  "Show me the current city: Oslo, Bergen.",
  "Find the account of Mira: T-1, T-2.",
  "Show me the culprit in src/a.ts and src/b.ts",
  "Who has it: Oslo, Bergen?",
  "Find my key in Oslo and Bergen",
  "Find the city in a.md, b.md",
  "See which city is dry, Oslo and Bergen",
  "Look in a.md and b.md",
  "Check Oslo and Bergen for the blue lamp",
  "Show the cheapest of Oslo and Bergen",
  "Tell me which has rain, Oslo and Bergen",
  // Other verbs.
  "Book Oslo and Bergen",
  "Bisect T-1 and T-2",
  "Check Oslo and Bergen and take what is free",
  "Go through a.md and b.md",
  "Look at Oslo and Bergen to find the key",
  // How, and in what order.
  "Lazily check Oslo and Bergen",
  "Check Oslo and Bergen sparingly",
  "Check Oslo and Bergen in this order",
  "Oslo and Bergen in order of size",
  "Show Oslo and Bergen with a seat",
  "Show Oslo || Bergen",
  "Show a.md | b.md",
  "Show Oslo && Bergen",
  "Show Oslo and Bergen in one step",
  "Show Oslo and Bergen in 1-2 calls",
  "Show Oslo and Bergen at most",
  "Show Oslo and Bergen at least",
  "Check Oslo and Bergen by elimination",
  "Show Oslo and Bergen. Process of elimination.",
  "Show Oslo and Bergen, a priority list",
  // By whose choice.
  "Compare Oslo and Bergen, your call",
  "Compare Oslo and Bergen. Your choice.",
  "Compare Oslo and Bergen at your discretion",
  "Compare Oslo and Bergen to my liking",
  "Compare Oslo and Bergen, you tell me",
  "Compare Oslo and Bergen. You know what to do.",
  "Oslo and Bergen both work for me. What's the weather there?",
  // One that is in several.
  "Get my lamp from Oslo and Bergen",
  "Show me the mirrors Oslo and Bergen",
  // More than the verb of a question and its object.
  "Check web-1 and web-2 memory permits glimmer",
  // A question first.
  "Is Oslo full? Open Bergen.",
  // Conditions without a word for it.
  "Read a.md and, for lack of details, b.md.",
  "Show Oslo and, in the event of rain, Bergen",
  "Were it full, check Bergen",
  "Read these files:\n- a.md\n- b.md, as need be",
  // A name that no call has.
  "The weather in Oslo, Bergen and Quito",
];

/** Small words that make a choice, whatever else is called so. */
const CONDITIONS =
  "if unless until till else otherwise or either neither nor whether whichever whoever whatever depending case instead failing then once when " +
  "whenever while after before first second third last next only just least enough stop halt skip try except maybe perhaps probably latter " +
  "former because since given assuming supposing provided providing pending barring absent lest rather wherever possibly presumably supposedly " +
  "suspect suspected prefer preferably fallback guess think might should permitting allowing";
const VAGUE =
  "one any some none no not without but rest other others same that it those such so which who whose where why as";
const CHOICES =
  "want need lack absence event doubt doubts condition conditions preference order priority turn sequence budget necessary needed required " +
  "possible available spare backup candidate candidates option options alternative alternatives suspects contenders culprits mirror mirrors moment " +
  "minute instant goal target minimum maximum limit cap demand quota";
const VERBS =
  "show get fetch read open view compare contrast summarize summarise explain describe review audit analyze analyse list print display " +
  "report retrieve pull load check inspect query quote calculate compute convert translate rank plot";
const ASKING = "give tell find search say see know learn understand differ have";
const BEFORE_NOUNS = "the all every each this of current recent what how many much these";
const BEFORE_NOUNS_BEFORE_NAMES = "both my our your their in at about from into between";
const OTHERS =
  "for to and also too plus vs versus i we me us you they them has do does did up down doing right currently recently please thanks thank hi hello hey " +
  "kindly quickly briefly different everything overview summary picture detail details info information data difference differences name names " +
  "number numbers file files page pages project repo repository folder directory database code codebase list account today tomorrow yesterday tonight week " +
  "weekend month year time day days date weather temperature forecast price prices stock share population capital score scores status result results";
const TAILS = "write draft prepare create refactor suggest recommend explain describe";

describe("requests that are understood", () => {
  for (const text of plain) test(text, () => assert.ok(isPlain(text)));
  test("each verb that asks for all it is given", () => {
    for (const verb of VERBS.split(" ")) assert.ok(isPlain(`${verb} a.md and b.md`), verb);
    for (const verb of TAILS.split(" "))
      assert.ok(isPlain(`Read a.md and b.md and ${verb} a poem`.replace("a poem", "the whole")), verb);
  });

  test("words that say nothing of which, wherever they stand", () => {
    for (const word of `${VERBS} ${TAILS} ${ASKING} ${OTHERS}`.split(" "))
      assert.ok(isPlain(`The weather in Oslo, ${word}`, "get_thing Oslo"), word);
  });

  test("any noun where nouns stand", () => {
    for (const word of `${BEFORE_NOUNS} ${BEFORE_NOUNS_BEFORE_NAMES}`.split(" "))
      assert.ok(isPlain(`The weather in Oslo, ${word} glimmer Bergen`), word);
    assert.ok(!isPlain("The weather in Oslo, glimmer Bergen"));
    for (const word of BEFORE_NOUNS.split(" "))
      assert.ok(isPlain(`The weather in Oslo, ${word} glimmer`), word);
    assert.ok(!isPlain("The weather in Oslo, glimmer"));
  });

  test("behind all names none that may tell how, or by whose choice", () => {
    for (const word of `${BEFORE_NOUNS_BEFORE_NAMES} on by per under within via upon with`.split(" "))
      assert.ok(!isPlain(`Check Oslo and Bergen, ${word} glimmer`), word);
  });
});

describe("requests that are not", () => {
  for (const text of notPlain) test(text, () => assert.ok(!isPlain(text)));

  test("any with a small word that makes a choice, even if a tool is called so", () => {
    for (const word of `${CONDITIONS} ${VAGUE}`.split(" ")) {
      assert.ok(!isPlain(`The weather in Oslo, Bergen ${word}`, `${CALLED} ${word}`), word);
      assert.equal(
        hasConditionWord(`oslo ${word} bergen`),
        word !== "first" && !VAGUE.split(" ").includes(word),
        word,
      );
    }
  });

  test("any with a noun that makes one, unless a tool is called so", () => {
    assert.ok(isPlain("The weather in Oslo and Bergen, the glimmer"));
    for (const word of CHOICES.split(" ")) {
      assert.ok(!isPlain(`The weather in Oslo and Bergen, the ${word}`, CALLED.replace("orders", "")), word);
      assert.ok(isPlain(`The ${word} of Oslo and Bergen`, `${CALLED} ${word}`), word);
    }
  });
});

test("each of what there is", () => {
  for (const words of ["each file", "every file", "all files", "all of the open issues", "all my old notes"])
    assert.ok(asksForEach(`read ${words}`), words);
  for (const words of [
    "everything",
    "both builds",
    "all",
    "all the code",
    "all about them",
    "all pages about it",
  ])
    assert.ok(!asksForEach(`read ${words}`), words);
});

test("another tool is wanted where nothing tells some from others", () => {
  const names = namesOf(CALLED);
  assert.ok(areWhollyKnown(["show account c-1 and their orders"], names));
  for (const kind of ["late", "current", "recent", "hot"])
    assert.ok(!areWhollyKnown([`show account c-1 and the ${kind} orders`], names), kind);
});
