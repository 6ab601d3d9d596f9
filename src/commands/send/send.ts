/** What all `wa-hook send` commands share: to whom, how, and what is said of it. */
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { CheckFailedError, RejectedError, UsageError } from "../../errors.ts";
import type { Graph } from "../../graph/client.ts";
import { curlOf } from "../../graph/curl.ts";
import { metaOf, retriesHelp } from "../../graph/errors.ts";
import { sendMessage } from "../../graph/messages.ts";
import { otherForm, readAllowed, readRecipient, standingOf, type Recipient } from "../../graph/recipient.ts";
import { describeProblem } from "../../messages/kind.ts";
import { readOutbound } from "../../messages/outbound/index.ts";
import { waitForStatus } from "../../store/await-status.ts";
import type { ReadableStore } from "../../store/sqlite.ts";
import { duration, input, notice, setting, storeFile, yes, type Notice } from "../../terminal/command.ts";
import { phone } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, needPhoneNumberId, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { openRecorded } from "../inputs/recorded.ts";
import type { SendEvent } from "./view.ts";

export const sendInputs = {
  to: input("--to <number>", "the recipient, with + and country code, or a BSUID", z.string().optional()),
  replyTo: input("--reply-to <message id>", "quote this message", z.string().optional()),
  callbackData: input("--callback-data <text>", "comes back in every status of the message", z.string().optional()),
  dryRun: input("--dry-run", "print the request as curl and send nothing", yes),
  wait: input(
    "--wait <sent|delivered|read>",
    "until this status has come to wa-hook listen",
    z.enum(["sent", "delivered", "read"], "must be sent, delivered or read").optional(),
  ),
  waitFor: input("--wait-for <time>", "and no longer than this (default: 60s)", duration.default(60_000)),
  retry: input("--retry", "after a rate limit, wait and try again (5 times)", yes),
  force: input("--force", "also to numbers that are not allowed, and what wa-hook finds wrong", yes),
  store: storeFile,
  allowedNumbers: setting("allowedNumbers", "", ""),
  phoneNumberId,
  ...graphInputs,
};

export type SendInputs = z.output<z.ZodObject<typeof sendInputs>>;

/** The message without its envelope: `{ type: "text", text: { body } }`. */
export type Content = Readonly<Record<string, unknown>>;

/** Where a message is put together that takes requests of its own, such as an upload. */
export interface Sending {
  graph: Graph;
  phoneNumberId: string;
}

/** Makes the content once it is known that it may be sent; may tell of its progress. */
export type Compose = (sending: Sending) => AsyncGenerator<SendEvent, Content, void>;

/** Sends one message. Yields what happens; throws when it was not taken. */
export async function* send(
  inputs: SendInputs,
  world: World,
  content: Content | Compose,
): AsyncGenerator<SendEvent | Notice, void, void> {
  if (!inputs.dryRun) needToken(inputs);
  const from = needPhoneNumberId(inputs.phoneNumberId);
  const recipient = yield* recipientOf(inputs, world);
  await using graph = openGraph(inputs, world);
  const composed = typeof content === "function" ? yield* content({ graph, phoneNumberId: from }) : content;
  const request = envelope(composed, recipient, inputs);
  const { summary } = check(request, inputs.force);
  if (inputs.dryRun) {
    const url = graph.urlOf(`${from}/messages`).href;
    return yield { type: "request", method: "POST", url, body: request, curl: curlOf(url, request) };
  }
  await using store = inputs.wait === undefined ? undefined : await openRecorded(inputs.store, world);
  const last = store?.lastId();
  const to = "to" in recipient ? recipient.to : recipient.recipient;
  const ask = () => sendMessage(graph, from, request);
  const { usage, ...message } = yield* deliver(ask, { to, from }, { retry: inputs.retry, signal: world.signal });
  yield { type: "accepted", ...message, to, summary };
  if (inputs.wait === undefined) yield notice("  Accepted is not delivered: wa-hook listen shows what becomes of it");
  if (usage !== undefined && usage.percent >= 80) yield notice(`${usage.percent} % of the app's rate limit is used up`);
  if (store === undefined || inputs.wait === undefined) return;
  yield* follow(store, { id: message.id, after: last }, inputs, world);
}

/** The whole body of the request. */
function envelope(content: Content, recipient: Recipient, { replyTo, callbackData }: SendInputs): Content {
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...recipient,
    ...(replyTo === undefined ? {} : { context: { message_id: replyTo } }),
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...content,
  };
}

function check(request: Content, force: boolean): { summary: string } {
  const reading = readOutbound(request);
  if ("summary" in reading) return reading;
  if (force) return { summary: reading.kind ?? "message" };
  const [first, ...others] = reading.problems.map(describeProblem);
  throw new UsageError(`the message cannot be sent: ${first}`, {
    code: "message.invalid",
    hint: "nothing was sent; change it, or let Meta decide with --force",
    about: others.slice(0, 10),
    facts: { problems: reading.problems },
  });
}

async function* recipientOf(inputs: SendInputs, world: World): AsyncGenerator<Notice, Recipient, void> {
  const allowed = readAllowed(inputs.allowedNumbers?.value);
  const recipient = readRecipient(inputs.to ?? (await choose(allowed, world)));
  if ("recipient" in recipient || allowed.length === 0) return recipient;
  const standing = standingOf(recipient.to, allowed);
  if (standing.allowed && standing.as !== recipient.to) {
    yield notice(
      `${phone(recipient.to)} is on your list as ${phone(standing.as)}; it goes there, because Meta compares the digits`,
    );
    return { to: standing.as };
  }
  if (standing.allowed || inputs.force) return recipient;
  throw new UsageError(`${recipient.to} is not among the allowed numbers (${allowed.join(", ")})`, {
    code: "recipient.not-allowed",
    hint: `add it to WHATSAPP_ALLOWED_NUMBERS in ${inputs.allowedNumbers?.source}, or send with --force`,
  });
}

async function choose(allowed: readonly string[], { ask }: World): Promise<string> {
  const choices = allowed.map((number) => ({ name: phone(number), value: number }));
  if (ask !== undefined && choices.length > 0) return ask.choose("To whom?", choices);
  throw new UsageError("there is no recipient", {
    code: "recipient.missing",
    hint:
      choices.length > 0
        ? `name one with --to; allowed are ${allowed.join(", ")}`
        : "name one with --to +16505551234, or list some in WHATSAPP_ALLOWED_NUMBERS to choose from",
  });
}

type Taken = Awaited<ReturnType<typeof sendMessage>>;

const RETRIES = 5;

/** Asks Meta; with `--retry` again after a rate limit, 4^n seconds later as Meta advises, or when the answer says. */
async function* deliver(
  ask: () => Promise<Taken>,
  about: { to: string; from: string },
  { retry, signal }: { retry: boolean; signal: AbortSignal },
): AsyncGenerator<Notice, Taken, void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const again = retry && attempt < RETRIES && error instanceof RejectedError && retriesHelp(error);
      if (!again) throw withHint(error, about);
      const seconds = Number(error.facts["retryAfter"] ?? 4 ** attempt);
      yield notice(`${error.message}; trying again in ${seconds} s`);
      await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}

/** What the settings make likelier than Meta's words do. */
function withHint(error: unknown, { to, from }: { to: string; from: string }): unknown {
  if (!(error instanceof RejectedError)) return error;
  const { code, subcode } = metaOf(error) ?? {};
  const other = otherForm(to);
  const list = "add the number under WhatsApp → API Setup → To";
  let { hint } = error;
  if (code === 131030 && other !== undefined) {
    hint = `numbers of this country have two forms: try --to ${other}; or ${list}`;
  } else if (code === 100 && subcode === 33) {
    hint = `is ${from} really the phone number id (not the account's), and may the token use it? wa-hook token tells`;
  }
  const { message, about, facts, cause } = error;
  return new RejectedError(message, { code: error.code, about, facts, cause, ...(hint === undefined ? {} : { hint }) });
}

async function* follow(
  store: ReadableStore,
  message: { id: string; after: string | undefined },
  { wait = "delivered", waitFor }: SendInputs,
  { signal }: World,
): AsyncGenerator<SendEvent | Notice, void, void> {
  yield { type: "waiting", status: wait };
  for await (const status of waitForStatus(store, message, { until: wait, timeoutMs: waitFor, signal })) {
    if ("type" in status) {
      yield status;
      continue;
    }
    yield { type: "status", ...status };
    if (status.status === "failed") {
      throw new RejectedError(`the message failed: ${status.summary}`, {
        code: "message.failed",
        ...(status.fix === undefined ? {} : { hint: status.fix }),
      });
    }
    if (status.reached) return;
  }
  throw new CheckFailedError(`no status ${wait} within ${waitFor / 1000} s`, {
    code: "message.no-status",
    hint: "is wa-hook listen running here, and do Meta's deliveries reach it?",
  });
}
