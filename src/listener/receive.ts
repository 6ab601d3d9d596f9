/** One POST: its bytes read, its signature checked, the delivery recorded, then acknowledged. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { reasonOf, WaHookError } from "../errors.ts";
import { receiveBody, type Unread } from "../http/body.ts";
import type { ByteBudget } from "../http/byte-budget.ts";
import type { Recorded, Store } from "../store/store.ts";
import type { WebhookEvent } from "../webhook/event.ts";
import { readBody } from "../webhook/payload.ts";
import { PROBE } from "../webhook/reach.ts";
import { SIGNATURE_HEADER, verify } from "../webhook/signature.ts";
import type { Explainer } from "./explainer.ts";

/** A delivery that was acknowledged with 200. */
export interface Accepted {
  headers: [name: string, value: string][];
  body: Buffer;
  events: WebhookEvent[];
  receivedAt: number;
  recorded: Recorded;
}

/** What was answered when it was not 200, and why. */
export interface Denied {
  status: number;
  reason: string;
  delivery?: string;
}

/** A delivery that only asks whether it arrives. */
interface Probed {
  probe: true;
}

export interface Receiving {
  appSecret: string;
  explainer: Explainer;
  store: Store;
  maxBytes: number;
  budget: ByteBudget;
  /** The connections that were cut because their request took too long. */
  slow: WeakSet<Duplex>;
}

/** Meta's limit for a delivery's body. Source: Meta, "Webhooks", payload size. */
export const MAX_BYTES = 3 * 1024 * 1024;

/** By then bodies that do not arrive have lost their place, in seconds. */
const RETRY_AFTER_S = 1;

/** Answers the request and resolves with what became of it. Rejects only on a bug. */
export async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  receiving: Receiving,
): Promise<Accepted | Denied | Probed> {
  const receivedAt = Date.now();
  const body = await receiveBody(request, { ...receiving, response });
  if (!Buffer.isBuffer(body)) return deny(response, withoutBody(request, body, receiving));
  const headers = pairs(request.rawHeaders);
  const header = request.headers[SIGNATURE_HEADER];
  if (!verify(body, header, receiving.appSecret)) {
    deny(response, { status: 401, reason: "" });
    return refuse(request, { receivedAt, headers, body }, receiving);
  }
  // Signed, so it is our own: somebody looks whether we can be reached.
  if (body.equals(PROBE)) {
    response.writeHead(200).end();
    return { probe: true };
  }
  const events = readBody(body);
  try {
    const recorded = await receiving.store.record({ receivedAt, headers, body, events });
    response.statusCode = 200;
    response.end();
    return { headers, body, events, receivedAt, recorded };
  } catch (error) {
    const reason = `not recorded, so answered 500 for Meta to send it again: ${reasonOf(error)}`;
    return deny(response, { status: 500, reason });
  }
}

/** Finds out why a signature did not match, once the sender has its answer, and keeps the delivery for a look at it. */
async function refuse(
  request: IncomingMessage,
  received: { receivedAt: number; headers: [string, string][]; body: Buffer },
  { explainer, store }: Receiving,
): Promise<Denied> {
  const signed = {
    body: received.body,
    header: wordOf(request.headers[SIGNATURE_HEADER]),
    sha1Header: wordOf(request.headers["x-hub-signature"]),
  };
  const reason = await explainer.explain(signed);
  try {
    const { id } = await store.record({ ...received, events: [], refusal: reason });
    return { status: 401, reason, delivery: id };
  } catch (error) {
    if (error instanceof WaHookError) return { status: 401, reason: `${reason} (and not kept: ${error.message})` };
    throw error;
  }
}

/** What is answered when there is no body to read. */
function withoutBody(request: IncomingMessage, { why, bytes }: Unread, { maxBytes, slow }: Receiving): Denied {
  if (why === "too large") {
    return { status: 413, reason: `the body is larger than ${maxBytes} bytes: Meta sends 3 MB at most` };
  }
  if (why === "fragmented") {
    return { status: 400, reason: `the body was sent in too many small pieces: gave up after ${bytes} bytes` };
  }
  if (why === "budget") return { status: 503, reason: "too many unfinished bodies at once: the sender may try again" };
  const length = request.headers["content-length"];
  const came = `${bytes}${length === undefined ? "" : ` of ${length}`} bytes of the body came`;
  return slow.has(request.socket)
    ? { status: 408, reason: `the sender was too slow: ${came}` }
    : { status: 400, reason: `the sender hung up half-way: ${came}` };
}

function deny(response: ServerResponse, denied: Denied): Denied {
  if (response.destroyed || response.headersSent) return denied;
  // Whatever is left of a body that was not read must not be taken for the next request.
  if (!response.req.complete) response.setHeader("connection", "close");
  if (denied.status === 503) response.setHeader("retry-after", RETRY_AFTER_S);
  response.writeHead(denied.status).end();
  return denied;
}

function pairs(raw: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at < raw.length; at += 2) headers.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return headers;
}

function wordOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header;
}
