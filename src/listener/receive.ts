/** Handles one POST: reads the body, verifies the signature, records the delivery and acknowledges it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { reasonOf, WaHookError } from "../errors.ts";
import { receiveBody, type Unread } from "../http/body.ts";
import type { ByteBudget } from "../http/byte-budget.ts";
import type { Received, Recorded, Store } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import { VERDICT_HEADER } from "../webhook/headers.ts";
import { openBody } from "../webhook/payload.ts";
import { PROBE } from "../webhook/reach.ts";
import { SIGNATURE_HEADER, verify } from "../webhook/signature.ts";
import type { Explainer } from "./explainer.ts";
import { resultOf, type Forwarded, type Forwarder } from "./forward.ts";
import type { Outbound, Reported } from "./outbound.ts";

/** A delivery that was acknowledged with 200. */
export interface Accepted {
  headers: [name: string, value: string][];
  body: Buffer;
  events(): WebhookEvent[];
  receivedAt: number;
  recorded: Recorded;
  /** From its arrival to the response, in milliseconds. */
  ackMs: number;
  /** The app's response, when the sender got its status. */
  answer?: Forwarded;
  /** To be called when it is reported: the results of forwarding it are reported after that. */
  reported?: Reported | undefined;
}

/** A response other than 200, and the reason. */
export interface Rejected {
  status: number;
  reason: string;
  delivery?: string;
  /** Of a wrong signature, as `mismatched` gave it. */
  request?: number;
  /** When it arrived, if the reason took time. */
  at?: number;
}

/** The delivery of a self-check. */
interface Probed {
  probe: true;
}

export type Outcome = Accepted | Rejected | Probed;

export interface Receiving {
  appSecret: string;
  explainer: Explainer;
  store: Store;
  maxBytes: number;
  budget: ByteBudget;
  /** Where accepted deliveries are forwarded to. */
  forwardTo: readonly string[];
  /** The app whose status the sender gets, instead of 200 as soon as the delivery is recorded. */
  app: Forwarder | undefined;
  /** Called when a signature is wrong, before the reason is known. Returns the number of the request. */
  mismatched(at: number): number;
  /** Starts forwarding a delivery that is written and not yet safe from a power failure. */
  forward(outbound: Outbound, forwards: readonly string[], answer: Forwarded | undefined): Reported;
  /** Selects what is forwarded. */
  wanted: ((event: WebhookEvent) => boolean) | undefined;
  /** Separates the duplicates of concurrent listeners that share a store. */
  scope: string;
  /** Connections that were closed because their request took too long. */
  slow: WeakSet<Duplex>;
}

/** The default port has no scope, so that deliveries recorded by 0.1 are still duplicates. */
export function scopeOf(port: number): string {
  return port === 8000 ? "" : `port ${port} `;
}

/** Meta's limit for a delivery's body. Source: Meta, "Webhooks", payload size. */
export const MAX_BYTES = 3 * 1024 * 1024;

/** Bad Gateway: the app did not respond. */
const NO_ANSWER = 502;

/** By then, the memory of unfinished bodies has been released; in seconds. */
const RETRY_AFTER_S = 1;

/** Responds to the request and resolves with the outcome. Never rejects: a bug is one too. */
export async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  receiving: Receiving,
): Promise<Outcome> {
  try {
    return await accept(request, response, receiving);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { connection: "close" }).end();
    return broken(error);
  }
}

export function broken(error: unknown): Rejected {
  return { status: 500, reason: `internal error in wa-hook; please report it: ${reasonOf(error)}` };
}

async function accept(request: IncomingMessage, response: ServerResponse, receiving: Receiving): Promise<Outcome> {
  const receivedAt = Date.now();
  const started = performance.now();
  const body = await receiveBody(request, receiving, response);
  if (!Buffer.isBuffer(body)) return reject(response, withoutBody(request, body, receiving));
  const headers = pairs(request.rawHeaders);
  const header = request.headers[SIGNATURE_HEADER];
  if (!verify(body, header, receiving.appSecret)) {
    reject(response, { status: 401, reason: "" });
    return explainRejection(request, { receivedAt, headers, body }, receiving);
  }
  // The valid signature proves that this is a self-check of our own.
  if (body.equals(PROBE)) {
    response.writeHead(200).end();
    return { probe: true };
  }
  const opened = openBody(body);
  const { forwardTo, wanted, scope } = receiving;
  const forwards = wanted === undefined || opened.events().some(wanted) ? forwardTo : [];
  const received = { receivedAt, headers, body, keys: opened.keys(), scope, forwardTo: forwards };
  let reported: Reported | undefined;
  try {
    const answer =
      receiving.app === undefined ? undefined : await answerOfApp(received, receiving.app, receiving.store);
    // The app gets it while it is on its way to the disk, which takes longer than all the rest.
    const recorded = await recordAnswered(received, answer, receiving.store, ({ id: delivery, forwards: ids }) => {
      if (ids.length === 0) return;
      const outbound = { delivery, receivedAt, headers, body, events: opened.events() };
      reported = receiving.forward(outbound, ids, answer);
    });
    const status = answer === undefined ? 200 : (answer.status ?? NO_ANSWER);
    response.writeHead(status, isLocal(request) ? { [VERDICT_HEADER]: recorded.verdict } : undefined).end();
    // The events are read later: nobody waits for them.
    return {
      headers,
      body,
      events: opened.events,
      receivedAt,
      recorded,
      ackMs: performance.now() - started,
      ...(answer === undefined ? {} : { answer }),
      reported,
    };
  } catch (error) {
    reported?.(false);
    const reason = `not recorded, responded with 500 so that Meta retries: ${reasonOf(error)}`;
    return reject(response, { status: 500, reason });
  }
}

/** Nothing when the sender is not to wait for the app, or when the app has had the delivery before. */
async function answerOfApp(received: Received, app: Forwarder, store: Store): Promise<Forwarded | undefined> {
  if (received.forwardTo?.length === 0 || (await store.isDuplicate(received))) return undefined;
  return app.forward(received);
}

/** A delivery that the app has not accepted comes again, and is then not a duplicate. */
function recordAnswered(
  received: Received,
  answer: Forwarded | undefined,
  store: Store,
  written: (recorded: Recorded) => void,
): Promise<Recorded> {
  if (answer === undefined) return store.record(received, written);
  const accepted = answer.status === 200;
  const state = accepted ? ("delivered" as const) : ("failed" as const);
  const answered = { state, attempts: 1, at: Date.now(), ...resultOf(answer) };
  // In one step: nobody may find it pending, and forward it once more.
  return store.record({ ...received, answered, ...(accepted ? {} : { keys: [] }) }, written);
}

/** Explains the mismatch after the response is sent, and saves the delivery for inspection. */
async function explainRejection(
  { headers }: IncomingMessage,
  received: { receivedAt: number; headers: [string, string][]; body: Buffer },
  { explainer, store, mismatched }: Receiving,
): Promise<Rejected> {
  const at = received.receivedAt;
  const request = mismatched(at);
  const signed = {
    body: received.body,
    header: headerText(headers[SIGNATURE_HEADER]),
    sha1Header: headerText(headers["x-hub-signature"]),
  };
  const reason = await explainer.explain(signed);
  try {
    const { id } = await store.record({ ...received, keys: [], reason });
    return { status: 401, reason, delivery: id, request, at };
  } catch (error) {
    if (error instanceof WaHookError) {
      return { status: 401, reason: `${reason} (not saved: ${error.message})`, request, at };
    }
    throw error;
  }
}

/** The response when the body was not read completely. */
function withoutBody(request: IncomingMessage, { why, bytes }: Unread, { maxBytes, slow }: Receiving): Rejected {
  if (why === "too large") {
    return { status: 413, reason: `body larger than ${maxBytes} bytes; Meta sends at most 3 MB` };
  }
  if (why === "fragmented") {
    return { status: 400, reason: `body sent in too many small chunks; stopped after ${bytes} bytes` };
  }
  if (why === "budget") return { status: 503, reason: "too many unfinished bodies; the sender can retry" };
  const length = request.headers["content-length"];
  const received = `received ${bytes}${length === undefined ? "" : ` of ${length}`} bytes of the body`;
  return slow.has(request.socket)
    ? { status: 408, reason: `request timed out: ${received}` }
    : { status: 400, reason: `connection closed by the sender: ${received}` };
}

function reject(response: ServerResponse, rejected: Rejected): Rejected {
  if (response.destroyed || response.headersSent) return rejected;
  // The rest of an unread body must not be parsed as the next request.
  if (!response.req.complete) response.setHeader("connection", "close");
  if (rejected.status === 503) response.setHeader("retry-after", RETRY_AFTER_S);
  response.writeHead(rejected.status).end();
  return rejected;
}

function pairs(raw: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at < raw.length; at += 2) headers.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return headers;
}

/** Whether the sender runs on this machine. Tunnels do too, but add `X-Forwarded-For`. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? "";
  return headers["x-forwarded-for"] === undefined && /^(?:::1$|(?:::ffff:)?127\.)/.test(address);
}

function headerText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header;
}
