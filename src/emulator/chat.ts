/** What a person types at the emulator's terminal: a line is what the customer writes, `/image` is a message of another kind. */
import { findFixture, suggestFixture } from "../webhook/fixtures.ts";

/** What the customer is to send, or why there is nothing to send. */
export type Typed = { message: string | Readonly<Record<string, unknown>> } | { problem: string };

/** Reads one line; nothing when it is empty. */
export function readTyped(line: string): Typed | undefined {
  const typed = line.trim();
  if (typed === "") return undefined;
  if (!typed.startsWith("/")) return { message: typed };
  const name = typed.slice(1);
  const fixture = findFixture(name);
  if (fixture === undefined) return { problem: `there is no bundled message ${name}: ${suggestFixture(name)}` };
  const value: { messages?: Readonly<Record<string, unknown>>[] } | undefined =
    fixture.payload.entry[0]?.changes[0]?.value;
  const message = value?.messages?.[0];
  if (message === undefined) return { problem: `${name} is nothing that a customer sends` };
  return { message };
}
