/** The tool `customer_says`: writes as the customer of the emulator, and waits for the app's reply. */
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import type { EmulatedRequest } from "../../../emulator/event.ts";
import type { Sender } from "../../../emulator/options.ts";
import { UsageError, WaHookError } from "../../../errors.ts";
import { defineTool } from "../../../mcp/tool.ts";
import { readAnswer, type Answer } from "../../../messages/answer.ts";
import type { Customer } from "../customer.ts";
import type { Kit } from "../kit.ts";

const POLL_MS = 100;
/** A reply can consist of several messages. */
const MORE_MS = 300;
const MAX_REPLIES = 20;
/** Before all ids. */
const NONE = "0";

const input = z.object({
  text: z.string().min(1).max(4096).optional().describe("What the customer writes"),
  message: z
    .looseObject({ type: z.string() })
    .optional()
    .describe('Instead of text, a message in Meta\'s format, such as { "type": "image", "image": { "caption": "…" } }'),
  from: z.string().max(30).optional().describe("The customer's phone number (default: the emulator's customer)"),
  name: z.string().max(100).optional().describe("The name in the customer's profile"),
  seconds: z.number().min(0).max(60).default(5).describe("Wait this long for a reply of the app"),
});

const output = z.object({
  id: z.string().describe("The id of the message"),
  emulator: z.string(),
  after: z
    .string()
    .optional()
    .describe("The newest delivery before the message: for after of wait_for_event, when deliveries are recorded"),
  replies: z.array(
    z.object({
      kind: z.enum(["message", "read", "typing", "reaction"]),
      type: z.string().optional(),
      accepted: z.boolean().describe("Whether the emulated Graph API accepted it"),
      error: z.string().optional(),
      untrusted: z.object({ text: z.string() }),
    }),
  ),
});

type Reply = z.input<typeof output>["replies"][number];

export function customerSaysTool(kit: Kit) {
  return defineTool({
    name: "customer_says",
    title: "Write as the customer",
    description:
      "Sends a message as the customer of the local emulator (wa-hook dev or wa-hook emulate), which delivers it to the app as Meta would, and returns what the app replies. Nothing reaches WhatsApp.",
    input,
    output,
    effects: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
    async run({ text, message, from, name, seconds }, { signal }) {
      const content = message ?? text;
      if (content === undefined || (message !== undefined && text !== undefined)) throw oneContent();
      const customer = await kit.customer(signal);
      const before = (await customer.requests()).at(-1);
      const after = await newest(kit, signal);
      const sender: Sender = {
        ...(from === undefined ? {} : { number: from }),
        ...(name === undefined ? {} : { name }),
      };
      const { id, userId } = await customer.say(content, sender);
      const isTo = ({ to, messageId }: Answer) =>
        messageId === id || from === undefined || to === from.replaceAll(/\D/g, "") || to === userId;
      const replies = await repliesTo(customer, { before, isTo, ms: seconds * 1000 }, signal);
      return { id, emulator: customer.url, ...(after === undefined ? {} : { after }), replies };
    },
    text: textOf,
  });
}

/** The id of the newest delivery, `0` before the first one; undefined when what is recorded cannot be read. */
async function newest(kit: Kit, signal: AbortSignal): Promise<string | undefined> {
  try {
    await using recordings = await kit.openRecordings(signal);
    return (await recordings.lastId()) ?? NONE;
  } catch (error) {
    if (!(error instanceof WaHookError)) throw error;
    return error.code === "store.missing" ? NONE : undefined;
  }
}

function oneContent(): UsageError {
  return new UsageError("a customer sends either a text or a message", {
    code: "mcp.message",
    hint: "set text or message",
  });
}

interface Wanted {
  /** The last request before. */
  before: EmulatedRequest | undefined;
  isTo(answer: Answer): boolean;
  ms: number;
}

/** Until the first message and what follows at once, or until the time is over. */
async function repliesTo(customer: Customer, { before, isTo, ms }: Wanted, signal: AbortSignal): Promise<Reply[]> {
  const key = before === undefined ? undefined : JSON.stringify(before);
  let deadline = performance.now() + ms;
  let replies: Reply[] = [];
  let answered = false;
  do {
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    const all = await customer.requests();
    const known = key === undefined ? -1 : all.findLastIndex((each) => JSON.stringify(each) === key);
    replies = all.slice(known + 1).flatMap((request) => repliesIn(request, isTo));
    if (!answered && replies.some(({ kind }) => kind === "message")) {
      answered = true;
      deadline = Math.min(deadline, performance.now() + MORE_MS);
    }
  } while (performance.now() < deadline && !signal.aborted);
  return replies.slice(0, MAX_REPLIES);
}

function repliesIn(request: EmulatedRequest, isTo: Wanted["isTo"]): Reply[] {
  const { method, path, body, at, status, error } = request;
  return readAnswer({ method, path, body, at })
    .filter(isTo)
    .map(({ kind, type, text = "" }) => ({
      kind,
      ...(type === undefined ? {} : { type }),
      accepted: status < 400,
      ...(error === undefined ? {} : { error: `${error.code} ${error.message}` }),
      untrusted: { text },
    }));
}

function textOf({ replies }: { replies: readonly Reply[] }): string {
  const messages = replies.filter(({ kind }) => kind === "message" || kind === "reaction");
  if (messages.length === 0) {
    return "no reply in time; call events to see whether the app accepted the delivery";
  }
  return messages
    .map(({ kind, error, untrusted }) => {
      const refused = error === undefined ? "" : `, refused: ${error}`;
      return `the app sent a ${kind}${refused} (untrusted: ${JSON.stringify(untrusted.text)})`;
    })
    .join("\n");
}
