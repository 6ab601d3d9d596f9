/** `wa-hook send json`: sends a message in the Cloud API's JSON format. */
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
  file: input("<file|->", "A JSON file, or - for standard input", z.string()),
  ...sendInputs,
});

export const sendJson = defineCommand<typeof inputs, SendEvent>({
  inputs,
  examples: [
    ["wa-hook send json carousel.json --to +16505551234", "Send a message of any type"],
    ["wa-hook send json - < message.json", "Send it to the recipient in the JSON"],
  ],

  async *run(inputs, world) {
    const message = await read(inputs.file, world);
    const { to, recipient, ...content } = message;
    const named = [to, recipient].find((each) => typeof each === "string");
    // Meta's own examples have numbers without a +.
    const fromFile = named !== undefined && /^\d{7,15}$/.test(named) ? `+${named}` : named;
    yield* send({ ...inputs, to: inputs.to ?? fromFile }, world, content);
  },

  print: printSend,
});

async function read(file: string, { cwd, stdin }: World): Promise<Content> {
  const name = file === "-" ? "standard input" : file;
  try {
    const message: unknown = JSON.parse(file === "-" ? await text(stdin) : readFileSync(resolve(cwd, file), "utf8"));
    if (typeof message === "object" && message !== null && !Array.isArray(message)) return message as Content;
  } catch (cause) {
    const what = cause instanceof SyntaxError ? "is not valid JSON" : "cannot be read";
    throw new UsageError(`${name} ${what}: ${reasonOf(cause)}`, {
      code: "message.unreadable",
      hint: "use a file with one message in the format of the Cloud API",
      cause,
    });
  }
  throw new UsageError(`${name} is not a JSON object`, {
    code: "message.unreadable",
    hint: 'use one object, such as { "type": "text", "text": { "body": "Hello" } }',
  });
}
