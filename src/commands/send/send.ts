/** What all `wa-hook send` commands share: the recipient, the request, retries, and waiting for a status. */
import * as z from "zod";

import { CheckFailedError, RejectedError, UsageError } from "../../errors.ts";
import { admitRecipient, parseAllowedNumbers } from "../../graph/allowed-numbers.ts";
import type { Graph } from "../../graph/client.ts";
import { curlOf } from "../../graph/curl.ts";
import { explainCode } from "../../graph/errors.ts";
import { sendMessage } from "../../graph/messages.ts";
import { idOf, type Recipient } from "../../graph/recipient.ts";
import { withRetry } from "../../graph/retry.ts";
import { describeProblem } from "../../messages/kind.ts";
import { readOutbound } from "../../messages/outbound/index.ts";
import { missingUntil, type MessageState } from "../../messages/statuses/ladder.ts";
import { envName } from "../../setting-names.ts";
import { type ReceivedStatus, waitForStatus } from "../../store/await-status.ts";
import type { RecordedStore } from "../../store/readable.ts";
import { duration, input, notice, setting, storeFile, yes, type Notice } from "../../terminal/command.ts";
import { phone } from "../../terminal/phone.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, needPhoneNumberId, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import type { Sender } from "../inputs/media-source.ts";
import { MESSAGE_ID, resolveMessageId } from "../inputs/message-id.ts";
import { openRecorded } from "../inputs/recorded.ts";
import type { SendEvent } from "./view.ts";

export const sendInputs = {
  to: input("--to <number>", "Recipient: +, country code and number, a BSUID, or a group ID", z.string().optional()),
  replyTo: input("--reply-to <message id>", `Quote this message (${MESSAGE_ID})`, z.string().optional()),
  callbackData: input("--callback-data <text>", "Returned in every status of the message", z.string().optional()),
  dryRun: input("--dry-run", "Print the request as curl without sending it", yes),
  wait: input(
    "--wait <sent|delivered|read>",
    "Wait until wa-hook listen receives this status",
    z.enum(["sent", "delivered", "read"], "must be sent, delivered or read").optional(),
  ),
  waitFor: input("--wait-for <time>", "Time limit for --wait (default: 60s)", duration.default(60_000)),
  retry: input("--retry", "Retry up to 5 times after a rate limit", yes),
  force: input("--force", "Skip wa-hook's checks of the recipient and the message", yes),
  store: storeFile,
  allowedNumbers: setting("allowedNumbers", "", ""),
  phoneNumberId,
  ...graphInputs,
};

export const sendExits = { 1: "With --wait: the status was not received in time" } as const;

export type SendInputs = z.output<z.ZodObject<typeof sendInputs>>;

/** The message without its envelope: `{ type: "text", text: { body } }`. */
export type Content = Readonly<Record<string, unknown>>;

/** A recipient that needs no parsing, in place of `--to`. */
export interface Addressed {
  recipient?: Recipient;
}

/** Builds content that needs requests of its own, such as an upload. Called once the recipient has been accepted. */
export type Compose = (sender: Sender) => AsyncGenerator<SendEvent | Notice, Content, void>;

const RETRIES = 5;
/** The use of a rate limit from which on it is reported, in percent. */
const HIGH_USAGE = 80;

/** Sends one message. Throws when it is not accepted, or when the awaited status does not arrive. */
export async function* send(
  inputs: SendInputs,
  world: World,
  content: Content | Compose,
  addressed: Addressed = {},
): AsyncGenerator<SendEvent | Notice, void, void> {
  if (!inputs.dryRun) needToken(inputs);
  const sender = needPhoneNumberId(inputs.phoneNumberId);
  const recipient = addressed.recipient ?? (yield* chooseRecipient(inputs, world));
  const replyTo = inputs.replyTo === undefined ? undefined : await resolveMessageId(inputs.replyTo, inputs, world);
  await using graph = openGraph(inputs, world);
  const composed = typeof content === "function" ? yield* content({ graph, phoneNumberId: sender }) : content;
  const request = envelope(composed, recipient, { ...inputs, replyTo });
  const { summary, unknown } = check(request, inputs.force);
  if (unknown.length > 0) yield { type: "unknown", paths: unknown };
  if (inputs.dryRun) return yield planned(graph, sender, request);
  await using store = inputs.wait === undefined ? undefined : await openRecorded(inputs.store, world);
  const after = await store?.lastId();
  const attempts = withRetry(() => sendMessage(graph, sender, request), {
    retries: inputs.retry ? RETRIES : 0,
    signal: world.signal,
  });
  const { usage, ...message } = yield* attempts;
  yield { type: "accepted", ...message, to: idOf(recipient), summary };
  if (inputs.wait === undefined) yield notice("  Accepted is not delivered: run wa-hook listen to see its statuses");
  if (usage !== undefined && usage.percent >= HIGH_USAGE) yield notice(`Rate limit: ${usage.percent} % used`);
  if (store !== undefined) yield* follow(store, { id: message.id, after }, inputs, world);
}

/** The request that `--dry-run` prints. */
export function planned(graph: Graph, sender: string, body: Content): SendEvent {
  const url = graph.urlOf(`${sender}/messages`).href;
  return { type: "request", method: "POST", url, body, curl: curlOf(url, body) };
}

/** The complete body of the request. */
function envelope(
  content: Content,
  recipient: Recipient,
  { replyTo, callbackData }: Pick<SendInputs, "replyTo" | "callbackData">,
): Content {
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...recipient,
    ...(replyTo === undefined ? {} : { context: { message_id: replyTo } }),
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...content,
  };
}

/** Throws a `UsageError` for what Meta refuses. `unknown` are the paths of what wa-hook does not know. */
export function check(request: Content, force: boolean): { summary: string; unknown: string[] } {
  const reading = readOutbound(request);
  const unknown = reading.unknown.map(({ path }) => path);
  // A message of an unknown type has no summary.
  if ("summary" in reading) return { summary: reading.summary || reading.kind, unknown };
  if (force) return { summary: reading.kind ?? "message", unknown };
  const [first, ...others] = reading.problems.map(describeProblem);
  throw new UsageError(`invalid message: ${first}`, {
    code: "message.invalid",
    hint: "change the message, or use --force to send it unchecked",
    about: others.slice(0, 10),
    facts: { problems: reading.problems },
  });
}

async function* chooseRecipient(inputs: SendInputs, world: World): AsyncGenerator<Notice, Recipient, void> {
  const allowed = parseAllowedNumbers(inputs.allowedNumbers?.value);
  const policy = { allowed, source: inputs.allowedNumbers?.source, force: inputs.force };
  const { recipient, variantOf } = admitRecipient(inputs.to ?? (await askRecipient(allowed, world)), policy);
  if (variantOf !== undefined && "to" in recipient) {
    yield notice(`Sending to ${phone(recipient.to)}, the allowed form of ${phone(variantOf)}`);
  }
  return recipient;
}

async function askRecipient(allowed: readonly string[], { ask }: World): Promise<string> {
  const choices = allowed.map((number) => ({ name: phone(number), value: number }));
  if (ask !== undefined && choices.length > 0) return ask.choose("Recipient", choices);
  throw new UsageError("no recipient is given", {
    code: "recipient.missing",
    hint:
      allowed[0] === undefined
        ? `use --to, or set ${envName("allowedNumbers")} to choose from`
        : `use --to ${allowed[0]}`,
    about: allowed.length > 0 ? [`Allowed: ${allowed.join(", ")}`] : [],
  });
}

async function* follow(
  store: RecordedStore,
  message: { id: string; after: string | undefined },
  { wait = "delivered", waitFor }: SendInputs,
  { signal }: World,
): AsyncGenerator<SendEvent | Notice, void, void> {
  yield { type: "waiting", status: wait };
  let state: MessageState | undefined;
  for await (const status of waitForStatus(store, message, { until: wait, timeoutMs: waitFor, signal })) {
    if ("malformed" in status) {
      yield notice(`Delivery ${status.id} is malformed and was skipped: ${status.malformed}`);
      continue;
    }
    yield { type: "status", ...status };
    state = status.state;
    if (state === "failed") throw failed(status);
    if (status.reached) return;
  }
  const missing = missingUntil(wait, state);
  throw new CheckFailedError(`status ${wait} was not received within ${waitFor / 1000} s`, {
    code: "message.no-status",
    hint: state === undefined ? NO_STATUS : MISSING[wait],
    about: state === undefined ? [] : [`Last status: ${state}; missing: ${missing.join(", ")}`],
    facts: { ...(state === undefined ? {} : { state }), missing },
  });
}

/** The same explanation as when Meta rejects the request at once: a failure comes in either form. */
function failed({ summary, code, fix }: ReceivedStatus): RejectedError {
  const { meaning, remedy }: Partial<ReturnType<typeof explainCode>> = code === undefined ? {} : explainCode(code);
  const hint = fix ?? remedy;
  return new RejectedError(`Meta accepted the message, then it failed: ${summary}`, {
    code: "message.failed",
    ...(hint === undefined ? {} : { hint }),
    about: meaning === undefined ? [] : [meaning],
    facts: code === undefined ? {} : { meta: { code } },
  });
}

const NO_STATUS = "run wa-hook listen in this folder; wa-hook doctor checks that webhooks arrive";

/** What an earlier status shows about the missing one: webhooks do arrive. */
const MISSING = {
  sent: NO_STATUS,
  delivered: "wait longer with --wait-for: the recipient's phone may be offline",
  read: "wait longer with --wait-for: the recipient has not opened the chat, or has read receipts turned off",
} as const;
