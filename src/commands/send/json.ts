/** `wa-hook send json`: sends a message in the Cloud API's JSON format. */
import * as z from "zod";

import { sendReceipt } from "../../graph/messages.ts";
import { defineCommand, input, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { needPhoneNumberId, needToken, openGraph } from "../inputs/graph.ts";
import { readJsonFile } from "../inputs/json-file.ts";
import { check, planned, send, sendExits, sendInputs, type Content, type SendInputs } from "./send.ts";
import { printSend, type SendEvent } from "./view.ts";

const inputs = z.object({
  file: input("<file|->", "A JSON file, or - for standard input", z.string()),
  ...sendInputs,
});

const EXPECTED = {
  code: "message.unreadable",
  hint: "use a file with one message in the format of the Cloud API",
  objectHint: 'use one object, such as { "type": "text", "text": { "body": "Hello" } }',
};

export const sendJson = defineCommand<typeof inputs, SendEvent>({
  inputs,
  exits: sendExits,
  examples: [
    ["wa-hook send json carousel.json --to +16505551234", "Send a message of any type"],
    ["wa-hook send json - < message.json", "Send it to the recipient in the JSON"],
    ["wa-hook send json message.json --dry-run", "Check it against Meta's limits and print the request"],
  ],

  async *run(inputs, world) {
    const message = await readJsonFile(inputs.file, world, EXPECTED);
    if (message["status"] != null) return yield* sendAsReceipt(inputs, world, message);
    const { to, recipient, ...content } = message;
    const named = [to, recipient].find((each) => typeof each === "string" || typeof each === "number");
    const fromFile = named === undefined ? undefined : String(named);
    const { recipient_type, ...rest } = content;
    if (inputs.to !== undefined) return yield* send(inputs, world, rest);
    if (fromFile !== undefined && String(recipient_type).toLowerCase() === "group") {
      return yield* send(inputs, world, rest, { recipient: { recipient_type: "group", to: fromFile } });
    }
    // Meta's own examples have numbers without a +.
    const international = fromFile !== undefined && /^\d{7,15}$/.test(fromFile) ? `+${fromFile}` : fromFile;
    yield* send({ ...inputs, to: international }, world, recipient_type == null ? rest : content);
  },

  print: printSend,
});

/** A read receipt has no recipient. */
async function* sendAsReceipt(
  inputs: SendInputs,
  world: World,
  message: Content,
): AsyncGenerator<SendEvent | Notice, void, void> {
  if (!inputs.dryRun) needToken(inputs);
  const sender = needPhoneNumberId(inputs.phoneNumberId);
  await using graph = openGraph(inputs, world);
  const request = { messaging_product: "whatsapp", ...message };
  const { unknown } = check(request, inputs.force);
  if (unknown.length > 0) yield { type: "unknown", paths: unknown };
  if (inputs.dryRun) return yield planned(graph, sender, request);
  await sendReceipt(graph, sender, request);
  yield { type: "read", id: String(message["message_id"]) };
}
