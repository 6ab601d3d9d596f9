/** `calls`: a call rings, is taken, ends; its recording is ready. */
import * as z from "zod";

import { asItem, type Item, wordAt } from "../../json.ts";
import { defineKind } from "../../messages/kind.ts";
import { word } from "../../messages/parts.ts";
import type { EventMedia, WebhookEvent } from "../event.ts";
import { BUSINESS, CONTACTS, CUSTOMER, valueOf } from "../shapes/envelope.ts";
import { eventOf, examplesOf, lazily, type Field } from "../shapes/field.ts";
import { eachItem, identity, keyOf, nameIn } from "../shapes/items.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const CALLS = {
  "connect USER_INITIATED": "a customer calls: answer it",
  "connect BUSINESS_INITIATED": "your call can be connected",
  "terminate USER_INITIATED": "the customer's call is over",
  "terminate BUSINESS_INITIATED": "your call is over",
  "call_created BUSINESS_INITIATED": "your call goes out over SIP",
  "call_created USER_INITIATED": "the customer's call goes out over SIP",
};

const FILES = {
  call_recording_available: "the recording can be fetched",
  call_transcription_available: "the transcript can be fetched",
};

const STATUSES = {
  RINGING: "the customer's phone rings",
  ACCEPTED: "the customer takes the call",
  REJECTED: "the customer does not take the call",
};

const call = lazily(() =>
  defineKind("calls", {
    schema: z.looseObject({
      event: word,
      direction: maybe,
      // Capitals in one of Meta's pages, not in another.
      status: maybe,
      duration: maybe,
      session: z.looseObject({ sdp_type: maybe }).nullish(),
    }),
    examples: {},
    summary: ({ event, direction, status, duration, session }) =>
      line(
        event,
        meaningOf(CALLS, `${event} ${direction}`) ?? meaningOf(FILES, event),
        session?.sdp_type ? `SDP ${session.sdp_type}` : undefined,
        status,
        status?.toUpperCase() === "FAILED" ? "nobody took it, or it could not be connected" : undefined,
        duration ? `after ${duration} s` : undefined,
      ),
  }),
);

const status = lazily(() =>
  defineKind("calls", {
    schema: z.looseObject({ status: word }),
    examples: {},
    summary: ({ status }) => line(status, meaningOf(STATUSES, status)),
  }),
);

const phone = BUSINESS.display_phone_number;
const contacts = CONTACTS;
const inbound = { from: CUSTOMER, to: phone, direction: "USER_INITIATED", timestamp: "1785499200" };
const outbound = { from: phone, to: CUSTOMER, direction: "BUSINESS_INITIATED", timestamp: "1785499200" };
const sdp = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 3480 UDP/TLS/RTP/SAVPF 111\r\n";
const ended = { event: "terminate", timestamp: "1785499290" };
const took = { status: "COMPLETED", start_time: "1785499210", end_time: "1785499290", duration: 80 };

export const calls: Field = {
  name: "calls",
  timed: false,
  get examples() {
    return examplesOf("calls", {
      default: calling("In", { ...inbound, event: "connect", session: { sdp_type: "offer", sdp } }),
      "connect-outbound": calling("Out", { ...outbound, event: "connect", session: { sdp_type: "answer", sdp } }),
      "without-number": valueOf({
        contacts: [{ profile: { name: "Sheena", username: "sheena.test" }, user_id: "US.10000000000000000001" }],
        calls: [
          {
            id: wacid("Unnumbered"),
            from_user_id: "US.10000000000000000001",
            to: phone,
            direction: "USER_INITIATED",
            timestamp: "1785499200",
            event: "connect",
            session: { sdp_type: "offer", sdp },
          },
        ],
      }),
      terminate: calling("In", { ...inbound, ...ended, ...took }),
      "terminate-outbound": calling("Out", { ...outbound, ...ended, ...took, biz_opaque_callback_data: "order 1042" }),
      "terminate-failed": calling("Failed", { ...inbound, ...ended, status: "FAILED" }),
      // The next three are known from one source.
      created: calling("Sip", { ...outbound, event: "call_created" }),
      recording: calling("In", {
        ...inbound,
        event: "call_recording_available",
        call_recording: {
          type: "audio",
          audio: { id: "1003383421387301", mime_type: "audio/ogg", sha256: "dGVzdA==" },
        },
      }),
      transcript: calling("In", {
        ...inbound,
        event: "call_transcription_available",
        call_transcript: { document: { id: "1003383421387302", mime_type: "application/json", sha256: "dGVzdA==" } },
      }),
      ringing: ring("RINGING"),
      accepted: ring("ACCEPTED"),
      rejected: ring("REJECTED"),
      failed: valueOf({
        errors: [
          {
            code: 138007,
            title: "Connect timeout",
            message: "Connect timeout",
            error_data: { details: "The two ends found no way to each other in time." },
          },
        ],
      }),
    });
  },
  events: (value, path) => eachItem("calls", value, path, { calls: readCall, statuses: readStatus }),
};

function readCall(item: Item, path: string, value: Item): WebhookEvent {
  const [id, at, event] = ["id", "timestamp", "event"].map((key) => wordAt(item, key));
  const from = wordAt(item, "from") ?? wordAt(item, "from_user_id");
  const to = wordAt(item, "to") ?? wordAt(item, "to_user_id");
  const name = nameIn(value, from, wordAt(item, "from_user_id"));
  const media = fileOf(item);
  return {
    ...eventOf(call(), item, path),
    ...identity({ id, at, from, to, name, key: keyOf("call", id, event) }),
    ...(media === undefined ? {} : { media }),
  };
}

/** The recording or the transcript of a call that is over. */
function fileOf(item: Item): EventMedia | undefined {
  const file =
    asItem(asItem(item["call_recording"])?.["audio"]) ?? asItem(asItem(item["call_transcript"])?.["document"]);
  const [id, mime, sha256] = ["id", "mime_type", "sha256"].map((key) => wordAt(file, key));
  if (id === undefined || mime === undefined) return undefined;
  return { id, mime, ...(sha256 === undefined ? {} : { sha256 }) };
}

function readStatus(item: Item, path: string): WebhookEvent {
  const [id, at, word] = ["id", "timestamp", "status"].map((key) => wordAt(item, key));
  const to = wordAt(item, "recipient_id") ?? wordAt(item, "recipient_user_id");
  return { ...eventOf(status(), item, path), ...identity({ id, at, to, key: keyOf("call", id, word) }) };
}

function calling(seed: string, item: object): object {
  return valueOf({ contacts, calls: [{ id: wacid(seed), ...item }] });
}

function ring(status: string): object {
  const times = { id: wacid("Out"), type: "call", status, timestamp: "1785499205", recipient_id: CUSTOMER };
  return valueOf({ statuses: [{ ...times, biz_opaque_callback_data: "order 1042" }] });
}

function wacid(seed: string): string {
  return `wacid.${Buffer.from(`Test call ${seed}`).toString("base64")}`;
}
