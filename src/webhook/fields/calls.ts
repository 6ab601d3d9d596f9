/** `calls`: the progress of a call, its recording and its transcript. */
import * as z from "zod";

import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { defineKind } from "../../messages/kind.ts";
import { scalar } from "../../messages/parts.ts";
import { recipientOf } from "../envelope.ts";
import type { WebhookEvent } from "../event.ts";
import {
  BUSINESS,
  CONTACTS,
  CUSTOMER,
  HIDDEN_CONTACTS,
  OLDER_CONTACTS,
  SHEENA,
  USER_ID,
  valueOf,
} from "../shapes/examples.ts";
import { eventOf, examplesOf, lazily, type Field } from "../shapes/field.ts";
import { identity, keyOf, profileName } from "../shapes/identity.ts";
import { readLists } from "../shapes/list-field.ts";
import { readMedia } from "../shapes/message-items.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const CALLS = {
  "connect USER_INITIATED": "incoming call",
  "connect BUSINESS_INITIATED": "outgoing call ready to connect",
  "terminate USER_INITIATED": "incoming call ended",
  "terminate BUSINESS_INITIATED": "outgoing call ended",
  "call_created BUSINESS_INITIATED": "outgoing call created over SIP",
  "call_created USER_INITIATED": "incoming call created over SIP",
};

const FILES = {
  call_recording_available: "recording available for download",
  call_transcription_available: "transcript available for download",
};

const STATUSES = {
  RINGING: "the customer's phone is ringing",
  ACCEPTED: "the customer accepted the call",
  REJECTED: "the customer declined the call",
};

const call = lazily(() =>
  defineKind("calls", {
    schema: z.looseObject({
      event: scalar,
      direction: optional,
      // Upper case on one of Meta's pages, mixed case on another.
      status: optional,
      duration: optional,
      session: z.looseObject({ sdp_type: optional }).nullish(),
    }),
    examples: {},
    summary: ({ event, direction, status, duration, session }) =>
      joinParts(
        event,
        lookUp(CALLS, `${event} ${direction}`) ?? lookUp(FILES, event),
        session?.sdp_type ? `SDP ${session.sdp_type}` : undefined,
        status,
        status?.toUpperCase() === "FAILED" ? "not answered, or could not be connected" : undefined,
        duration ? `after ${duration} s` : undefined,
      ),
  }),
);

const status = lazily(() =>
  defineKind("calls", {
    schema: z.looseObject({ status: scalar }),
    examples: {},
    summary: ({ status }) => joinParts(status, lookUp(STATUSES, status)),
  }),
);

const phone = BUSINESS.display_phone_number;
const older = { from: CUSTOMER, to: phone, direction: "USER_INITIATED", timestamp: "1785499200" };
const inbound = { ...older, from_user_id: USER_ID };
const toCustomer = { from: phone, to: CUSTOMER, to_user_id: USER_ID };
const outbound = { ...toCustomer, direction: "BUSINESS_INITIATED", timestamp: "1785499200" };
const sdp = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 3480 UDP/TLS/RTP/SAVPF 111\r\n";
const ended = { event: "terminate", timestamp: "1785499290" };
const completed = { status: "COMPLETED", start_time: "1785499210", end_time: "1785499290", duration: 80 };

export const calls: Field = {
  name: "calls",
  timed: false,
  get examples() {
    return examplesOf("calls", {
      default: calling("In", { ...inbound, event: "connect", session: { sdp_type: "offer", sdp } }),
      "connect-outbound": calling("Out", { ...outbound, event: "connect", session: { sdp_type: "answer", sdp } }),
      "without-number": valueOf({
        contacts: HIDDEN_CONTACTS,
        calls: [
          {
            id: wacid("Unnumbered"),
            from_user_id: USER_ID,
            to: phone,
            direction: "USER_INITIATED",
            timestamp: "1785499200",
            event: "connect",
            session: { sdp_type: "offer", sdp },
          },
        ],
      }),
      // Until 2026: no user ids.
      older: valueOf({
        contacts: OLDER_CONTACTS,
        calls: [{ id: wacid("Older"), ...older, event: "connect", session: { sdp_type: "offer", sdp } }],
      }),
      terminate: calling("In", { ...inbound, ...ended, ...completed }),
      "terminate-outbound": calling("Out", {
        ...outbound,
        ...ended,
        ...completed,
        biz_opaque_callback_data: "order 1042",
      }),
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
            error_data: { details: "The call could not be connected in time." },
          },
        ],
      }),
    });
  },
  events: (value, path) => readLists("calls", value, path, { calls: readCall, statuses: readStatus }),
};

function readCall(item: JsonObject, path: string, value: JsonObject): WebhookEvent {
  const [id, at, event] = ["id", "timestamp", "event"].map((key) => stringAt(item, key));
  const from = stringAt(item, "from") ?? stringAt(item, "from_user_id");
  const to = stringAt(item, "to") ?? stringAt(item, "to_user_id");
  const name = profileName(value, from, stringAt(item, "from_user_id"));
  const media = readMedia(callFile(item));
  return {
    ...eventOf(call(), item, path),
    ...identity({ id, at, from, to, name, key: keyOf("call", id, event) }),
    ...(media === undefined ? {} : { media }),
  };
}

/** The recording or the transcript of a finished call. */
function callFile(item: JsonObject): JsonObject | undefined {
  return (
    asJsonObject(asJsonObject(item["call_recording"])?.["audio"]) ??
    asJsonObject(asJsonObject(item["call_transcript"])?.["document"])
  );
}

function readStatus(item: JsonObject, path: string): WebhookEvent {
  const [id, at, name] = ["id", "timestamp", "status"].map((key) => stringAt(item, key));
  const to = stringAt(item, "recipient_id") ?? stringAt(item, "recipient_user_id");
  return { ...eventOf(status(), item, path), ...identity({ id, at, to, key: keyOf("call", id, name) }) };
}

function calling(seed: string, item: object): object {
  return valueOf({ contacts: CONTACTS, calls: [{ id: wacid(seed), ...item }] });
}

function ring(status: string): object {
  const recipient = recipientOf(SHEENA);
  const times = { id: wacid("Out"), type: "call", status, timestamp: "1785499205", ...recipient };
  return valueOf({ statuses: [{ ...times, biz_opaque_callback_data: "order 1042" }] });
}

function wacid(seed: string): string {
  return `wacid.${Buffer.from(`Test call ${seed}`).toString("base64")}`;
}
