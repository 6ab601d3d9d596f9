/** The prompt of `wa-hook emulate`: each typed line is a message of the customer, or a command. */
import { createInterface } from "node:readline";

import { chatCompletions, parseChatInput, type ChatInput } from "../../emulator/chat-input.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Sender } from "../../emulator/options.ts";
import type { PlayedStory } from "../../emulator/stories/story.ts";
import { reasonOf } from "../../errors.ts";
import type { Broadcast } from "../../events.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";

/** What a typed command prints. */
export type Reply = Notice | { type: "settings"; env: Record<string, string> } | { type: "help" };

/** Sends each typed line as a message of the customer, or runs it as a command. */
export async function chat<Output>(emulator: Emulator, world: World, output: Broadcast<Output | Reply>): Promise<void> {
  const reply = chatOf(emulator);
  for await (const line of typedLines(world, chatCompletions())) {
    const replied = await reply(line);
    if (replied !== undefined) output.emit(replied);
  }
}

/** What is typed at the prompt, or the lines of stdin where there is none. */
export function typedLines({ prompt, stdin, signal }: World, completions: readonly string[]): AsyncIterable<string> {
  return prompt?.lines({ completions }) ?? createInterface({ input: stdin, signal });
}

/** Returns what does as one line says, and resolves with what is to be printed. */
export function chatOf(emulator: Emulator): (line: string) => Promise<Reply | undefined> {
  const customer: Sender = {};
  return async (line) => {
    const input = parseChatInput(line);
    if (input === undefined) return undefined;
    return run(input, emulator, customer).catch((error: unknown) => notice(reasonOf(error)));
  };
}

async function run(input: ChatInput, emulator: Emulator, customer: Sender): Promise<Reply | undefined> {
  if ("problem" in input) return notice(input.problem, input.hint);
  if ("message" in input) {
    await emulator.receive(input.message, customer);
    return undefined;
  }
  if (input.command === "help") return { type: "help" };
  if (input.command === "story") return storyNotice(emulator.play(input.name));
  if (input.command === "template") return changeTemplate(input, emulator);
  if (input.command === "token") {
    return { type: "settings", env: { WHATSAPP_ACCESS_TOKEN: emulator.tokens[input.name] } };
  }
  customer.hideNumber = input.on;
  return notice(input.on ? "The customer hides the phone number" : "The customer shows the phone number");
}

function changeTemplate({ name, change }: Extract<ChatInput, { command: "template" }>, emulator: Emulator): Notice {
  emulator.changeTemplate(name, change);
  const { status, quality, language } = change;
  const result = status === undefined ? `its quality is ${quality}` : `its status is ${status}`;
  return notice(`Template ${name}${language === undefined ? "" : ` (${language})`}: ${result}`);
}

function storyNotice({ story, webhooks, ms: duration, unsubscribed }: PlayedStory): Notice {
  const missing = unsubscribed.length === 0 ? undefined : `subscribe the app to ${unsubscribed.join(", ")}`;
  return notice(`Playing ${story}: ${webhooks} webhooks in ${Math.round(duration / 1000)} s`, missing);
}
