/** The prompt of `wa-hook emulate`: each typed line is a message of the customer, or a command. */
import { createInterface } from "node:readline";

import { chatCompletions, parseChatInput, parseSubmission, type ChatInput } from "../../emulator/chat-input.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Sender } from "../../emulator/options.ts";
import type { PlayedStory } from "../../emulator/stories/story.ts";
import { CheckFailedError, reasonOf, WaHookError } from "../../errors.ts";
import type { Broadcast } from "../../events.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";

/** What a typed command prints. */
export type Reply =
  | Notice
  | { type: "screen"; screen: string; data: object }
  | { type: "settings"; env: Record<string, string> }
  | { type: "help" };

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
  const customer: Customer = { inFlow: false };
  return async (line) => {
    // In a Flow, what is typed goes into its screen.
    const isSubmission = customer.inFlow && !/^\s*(?:\/|$)/.test(line);
    const input = isSubmission ? parseSubmission(line.trim()) : parseChatInput(line);
    if (input === undefined) return undefined;
    return run(input, emulator, customer).catch((error: unknown) => notice(reasonOf(error)));
  };
}

interface Customer extends Sender {
  /** A screen of a Flow is shown. */
  inFlow: boolean;
}

async function run(input: ChatInput, emulator: Emulator, customer: Customer): Promise<Reply | undefined> {
  if ("problem" in input) return notice(input.problem, input.hint);
  if ("message" in input) {
    const { inFlow: _, ...sender } = customer;
    await emulator.receive(input.message, sender);
    return undefined;
  }
  if (input.command === "help") return { type: "help" };
  if (input.command === "story") return storyNotice(emulator.play(input.name));
  if (input.command === "template") return changeTemplate(input, emulator);
  if (input.command === "flow") return showFlow(input, emulator, customer);
  if (input.command === "token") {
    return { type: "settings", env: { WHATSAPP_ACCESS_TOKEN: emulator.tokens[input.name] } };
  }
  customer.hideNumber = input.on;
  return notice(input.on ? "The customer hides the phone number" : "The customer shows the phone number");
}

async function showFlow(
  { action, flow, data }: Extract<ChatInput, { command: "flow" }>,
  emulator: Emulator,
  customer: Customer,
): Promise<Reply | undefined> {
  try {
    const shown = await emulator.act({
      action,
      ...(flow === undefined ? {} : { flow }),
      ...(data === undefined ? {} : { data }),
    });
    customer.inFlow = shown.screen !== undefined;
    if (shown.screen !== undefined) return { type: "screen", screen: shown.screen, data: shown.data ?? {} };
    return notice(action === "close_flow" ? "The Flow is closed" : "The Flow is completed");
  } catch (error) {
    if (!(error instanceof WaHookError)) throw error;
    if (error.code === "flow.expired") customer.inFlow = false;
    // What the endpoint did wrong stands in the line of its request.
    return error instanceof CheckFailedError ? undefined : notice(error.message, error.hint);
  }
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
