/** Calls as far as webhooks report them, without media. Source: Meta, "Business-initiated calls" and "User-initiated calls". */
import { recipientOf, senderOf } from "../../webhook/envelope.ts";
import { invalid, GraphErrorResponse } from "../http/graph-response.ts";
import { hexOf } from "../ids.ts";
import type { Customer } from "../messaging/customers.ts";
import { personOf } from "../messaging/payloads.ts";
import { CallPermissions } from "./call-permissions.ts";
import { aboutNumber, type Context } from "./context.ts";
import { contactOf } from "./people.ts";

interface PhoneCall {
  id: string;
  customer: Customer;
  direction: "BUSINESS_INITIATED" | "USER_INITIATED";
  /** When the other side accepts or declines, on the emulator's clock in milliseconds; undefined while it rings. */
  settledAt?: number;
  accepted: boolean;
  callbackData?: string;
}

/** Meta allows 1000 concurrent calls for a number. */
const MAX_CALLS = 1000;
const RINGING_MS = 100;
const SETTLED_MS = 400;
const SDP = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 3480 UDP/TLS/RTP/SAVPF 111\r\n";

export class Calls {
  readonly permissions: CallPermissions;
  readonly #calls = new Map<string, PhoneCall>();
  readonly #context: Context;
  /** Customers who decline calls. */
  readonly #declining = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
    this.permissions = new CallPermissions(context.clock);
  }

  /** Whether the customer declines the business's calls from now on. */
  decline(userId: string, declines: boolean): void {
    if (declines && this.#declining.size < MAX_CALLS) this.#declining.add(userId);
    else this.#declining.delete(userId);
  }

  /** The business calls a customer, who accepts unless set to decline. Throws a `GraphErrorResponse` without permission. */
  connect(customer: Customer, callbackData: string | undefined): string {
    if (this.permissions.statusOf(customer.userId).status === "no_permission") throw new GraphErrorResponse(138_006);
    const accepted = !this.#declining.has(customer.userId);
    const settledAt = this.#context.clock.now() + SETTLED_MS;
    const data = callbackData === undefined ? {} : { callbackData };
    const call = this.#add({ customer, direction: "BUSINESS_INITIATED", accepted, settledAt, ...data });
    this.#emitCall(call, { event: "connect", session: { sdp_type: "answer", sdp: SDP } });
    this.#emitStatus(call, "RINGING", RINGING_MS);
    this.#emitStatus(call, accepted ? "ACCEPTED" : "REJECTED", SETTLED_MS);
    if (!accepted) this.#end(call, SETTLED_MS + RINGING_MS);
    return call.id;
  }

  /** A customer calls the business. */
  receive(customer: Customer): string {
    const call = this.#add({ customer, direction: "USER_INITIATED", accepted: false });
    this.#emitCall(call, { event: "connect", session: { sdp_type: "offer", sdp: SDP } });
    return call.id;
  }

  /** The business answers, declines or ends a call. Throws a `GraphErrorResponse` when the call is not in the state for it. */
  answer(id: string, action: "pre_accept" | "accept" | "reject" | "terminate"): void {
    const call = this.#calls.get(id);
    if (call === undefined) throw invalid("Invalid parameter", `call_id: there is no call ${id}, or it has ended`);
    const incoming = call.direction === "USER_INITIATED";
    if (action !== "terminate" && (!incoming || call.accepted)) {
      const why = incoming ? "it was accepted already" : "the business started it";
      throw invalid("Invalid parameter", `call_id: the call cannot be answered because ${why}`);
    }
    if (action === "accept") [call.accepted, call.settledAt] = [true, this.#context.clock.now()];
    if (action === "reject" || action === "terminate") this.#end(call, this.#untilSettled(call));
  }

  /** The customer ends the call that is in progress. False when there is none. */
  hangUp(userId: string): boolean {
    const call = this.#with(userId);
    if (call !== undefined) this.#end(call, this.#untilSettled(call));
    return call !== undefined;
  }

  #with(userId: string): PhoneCall | undefined {
    return [...this.#calls.values()].find(({ customer }) => customer.userId === userId);
  }

  #add(call: Omit<PhoneCall, "id">): PhoneCall {
    if (this.#with(call.customer.userId) !== undefined) throw new GraphErrorResponse(138_003);
    if (this.#calls.size >= MAX_CALLS) throw new GraphErrorResponse(138_002);
    const id = `wacid.${Buffer.from(hexOf(this.#context.ids.token()).slice(0, 32), "hex").toString("base64")}`;
    const added = { id, ...call };
    this.#calls.set(id, added);
    return added;
  }

  /** Time until the webhook that says how the call began, which precedes the one of its end. */
  #untilSettled({ settledAt = 0 }: PhoneCall): number {
    return Math.max(0, settledAt - this.#context.clock.now());
  }

  #end(call: PhoneCall, afterMs: number): void {
    this.#calls.delete(call.id);
    const end = Math.floor((this.#context.clock.now() + afterMs) / 1000);
    const start = Math.floor((call.settledAt ?? 0) / 1000);
    const times = { start_time: String(start), end_time: String(end), duration: end - start };
    const outcome = call.accepted ? { status: "COMPLETED", ...times } : { status: "FAILED" };
    const data = keyed("biz_opaque_callback_data", call.callbackData);
    this.#emitCall(call, { event: "terminate", ...outcome, ...data }, afterMs);
  }

  #emitCall({ id, customer, direction }: PhoneCall, content: object, afterMs = 0): void {
    const { displayNumber } = this.#context.account;
    const people =
      direction === "USER_INITIATED"
        ? { ...senderOf(personOf(customer)), to: displayNumber }
        : { from: displayNumber, ...keyed("to", customer.waId), to_user_id: customer.userId };
    const call = { id, ...people, direction, timestamp: this.#time(afterMs), ...content };
    this.#emit(customer, { calls: [call] }, afterMs);
  }

  #emitStatus({ id, customer, callbackData }: PhoneCall, status: string, afterMs: number): void {
    const data = keyed("biz_opaque_callback_data", callbackData);
    const recipient = recipientOf(personOf(customer));
    const item = { id, type: "call", status, timestamp: this.#time(afterMs), ...recipient, ...data };
    this.#emit(customer, { statuses: [item] }, afterMs);
  }

  #emit(customer: Customer, content: object, afterMs: number): void {
    const { account, changes } = this.#context;
    changes.emit("calls", aboutNumber(account, { contacts: [contactOf(customer)], ...content }), afterMs);
  }

  #time(afterMs: number): string {
    return String(Math.floor((this.#context.clock.now() + afterMs) / 1000));
  }
}

function keyed(key: string, value: string | undefined): object {
  return value === undefined ? {} : { [key]: value };
}
