/** What an agent without Tutti lost by asking for one thing at a time. Needs no key. */
import { analyzeSessions, readSessions } from "tutti/analyze";

const ask = (id: string, city: string) => ({
  role: "assistant",
  content: [{ type: "tool_use", id, name: "crm_city", input: { city } }],
});
const answer = (id: string, content: string) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: id, content }],
});
const text = JSON.stringify([
  { role: "user", content: "How do Oslo and Bergen compare?" },
  ask("a", "Oslo"),
  answer("a", "40 customers"),
  ask("b", "Bergen"),
  answer("b", "25 customers"),
]);

const { format, sessions } = readSessions(text, { name: "history.json" });
const { callsPerTurn, reachable, missed } = analyzeSessions(sessions, { reads: ["crm_*"] });

console.log(`${format}: ${callsPerTurn} calls per turn, could be ${reachable.likely}`);
for (const { session, certainty, turns } of missed)
  console.log(session, certainty, turns.map(({ turn }) => turn).join(" + "));
