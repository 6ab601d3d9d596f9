/** The registry of outbound kinds, and the reader for the body of `POST /{phone-number-id}/messages`. */
import { withoutNulls, type JsonObject } from "../../json.ts";
import { exampleName, type Problem } from "../kind.ts";
import { audio } from "./audio.ts";
import { contacts } from "./contacts.ts";
import { document } from "./document.ts";
import { checkEnvelope, type EnvelopeOf } from "./envelope.ts";
import { image } from "./image.ts";
import { findInteractive, interactive, typeProblem } from "./interactive.ts";
import { interactiveKinds } from "./interactive/index.ts";
import type { OutboundKind } from "./kind.ts";
import { location } from "./location.ts";
import { pin } from "./pin.ts";
import { reaction } from "./reaction.ts";
import { read } from "./read.ts";
import { sticker } from "./sticker.ts";
import { template } from "./template.ts";
import { text } from "./text.ts";
import { video } from "./video.ts";

/** Every kind, by the `type` of the message. To add one, create its file and add it here. */
export const outboundKinds: readonly OutboundKind[] = [
  text,
  image,
  video,
  audio,
  document,
  sticker,
  location,
  contacts,
  reaction,
  pin,
  template,
  interactive,
];

/**
 * The kind of a request with its summary, or the problems for which Meta refuses it. `unknown` are its keys, types and values that this
 * version does not know (see `Checked`); Meta may accept them.
 */
export type OutboundReading = ({ kind: string; summary: string } | { kind?: string; problems: Problem[] }) & {
  unknown: Problem[];
};

/**
 * Reads the whole JSON body of a request to send a message, or to mark one as read (the kind `read`). The kind of an
 * interactive message is its own type: `button`, `list`. Keys whose value is `null` count as absent. Never throws.
 */
export function readOutbound(request: unknown): OutboundReading {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return { problems: [{ path: "", message: "the request must be a JSON object", reason: "invalid" }], unknown: [] };
  }
  try {
    return readMessage(withoutNulls(request, FREE_FORM) as JsonObject);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problems: [{ path: "", message: "is nested too deeply", reason: "invalid" }], unknown: [] };
  }
}

function readMessage(message: JsonObject): OutboundReading {
  if (Object.hasOwn(message, "status")) return readAs(read, message);
  const type: unknown = Object.hasOwn(message, "type") ? message["type"] : text.name;
  const kind = outboundKinds.find(({ name }) => name === type);
  // For an unknown type, the key with its name is treated as the message, so that it is not reported as well.
  const own = kind === undefined ? [type, "type"] : [type];
  const rest = Object.fromEntries(Object.entries(message).filter(([key]) => !own.includes(key)));
  const envelope = checkEnvelope(rest, envelopeOf(kind));
  if (kind === undefined) return withType(String(type), typeProblem("type", outboundKinds, type), envelope);
  if (kind !== interactive) return readAs(kind, message, envelope);
  const found = findInteractive(message);
  return "read" in found ? readAs(found, message, envelope) : withType(kind.name, found, envelope);
}

function envelopeOf(kind: OutboundKind | undefined): EnvelopeOf {
  if (kind === template) return "template";
  return kind === text || kind === interactive ? "direct" : "other";
}

interface Envelope {
  problems: Problem[];
  unknown: Problem[];
}

function readAs(
  kind: OutboundKind,
  message: object,
  envelope: Envelope = { problems: [], unknown: [] },
): OutboundReading {
  const checked = kind.read(message);
  const unknown = [...envelope.unknown, ...checked.unknown];
  const problems = [...envelope.problems, ...("problems" in checked ? checked.problems : [])];
  return "summary" in checked && problems.length === 0
    ? { kind: kind.name, summary: checked.summary, unknown }
    : { kind: kind.name, problems, unknown };
}

/** The reading of a message whose type is unknown, or no type at all. */
function withType(kind: string, type: Problem, { problems, unknown }: Envelope): OutboundReading {
  if (type.reason !== "unknown-value") return { kind, problems: [...problems, type], unknown };
  return problems.length === 0
    ? { kind, summary: "", unknown: [...unknown, type] }
    : { kind, problems, unknown: [...unknown, type] };
}

/** The key of a flow's input data, which is the customer's own. */
const FREE_FORM = "data";

/** The keys that all examples of messages share. */
const SHARED = { messaging_product: "whatsapp", recipient_type: "individual", to: "+16505551234" };

/** Every example of every kind as a complete request: `text`, `text.preview`, `button`, `read`. The result is a fresh copy that callers may modify. */
export function outboundExamples(): { name: string; request: object }[] {
  const messages = outboundKinds.flatMap((kind) =>
    (kind === interactive ? interactiveKinds : [kind]).flatMap((inner) =>
      namedExamples(inner).map(({ name, example }) => ({ name, request: { ...SHARED, type: kind.name, ...example } })),
    ),
  );
  return [...messages, ...namedExamples(read).map(({ name, example }) => ({ name, request: example }))];
}

function namedExamples(kind: OutboundKind): { name: string; example: object }[] {
  return Object.entries(kind.examples).map(([variant, example]) => ({
    name: exampleName(kind.name, variant),
    example: structuredClone(example),
  }));
}
