/** `wa-hook send json`: any message, as Meta's documentation writes it. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { defineCommand, input } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { send, sendInputs, type Content } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  file: input("<file|->", "the message as JSON, or - for standard input", z.string()),
  ...sendInputs,
});

export const sendJson = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ["wa-hook send json carousel.json --to +16505551234", "a message of any kind"],
    ["wa-hook send json - < message.json", "to the recipient that it names"],
  ],

  async *run(inputs, world) {
    const message = await read(inputs.file, world);
    const { to, recipient, ...content } = message;
    const named = [to, recipient].find((each) => typeof each === "string");
    // The digits alone are how Meta's own examples write a number.
    const own = named !== undefined && /^\d{7,15}$/.test(named) ? `+${named}` : named;
    yield* send({ ...inputs, to: inputs.to ?? own }, world, content);
  },

  print: printSend,
});

async function read(file: string, { cwd, stdin }: World): Promise<Content> {
  const name = file === "-" ? "standard input" : file;
  try {
    const message: unknown = JSON.parse(file === "-" ? await text(stdin) : readFileSync(resolve(cwd, file), "utf8"));
    if (typeof message === "object" && message !== null && !Array.isArray(message)) return message as Content;
  } catch (cause) {
    const what = cause instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new UsageError(`${name} ${what}: ${reasonOf(cause)}`, {
      code: "message.unreadable",
      hint: "name a file that holds one message, as the Cloud API's documentation shows it",
      cause,
    });
  }
  throw new UsageError(`${name} is not a JSON object`, {
    code: "message.unreadable",
    hint: 'a message begins with { "type": …',
  });
}
