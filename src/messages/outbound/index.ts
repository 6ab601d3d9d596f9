/** The registry of outbound kinds, and the reader for the body of `POST /{phone-number-id}/messages`. */
import { orList, exampleName, type Kind, mismatch, type Problem, formatValue } from "../kind.ts";
import { audio } from "./audio.ts";
import { contacts } from "./contacts.ts";
import { document } from "./document.ts";
import { envelopeProblems } from "./envelope.ts";
import { image } from "./image.ts";
import { findInteractive, interactive } from "./interactive.ts";
import { interactiveKinds } from "./interactive/index.ts";
import { location } from "./location.ts";
import { reaction } from "./reaction.ts";
import { read } from "./read.ts";
import { sticker } from "./sticker.ts";
import { template } from "./template.ts";
import { text } from "./text.ts";
import { video } from "./video.ts";

/** Every kind, by the `type` of the message. To add one, create its file and add it here. */
export const outboundKinds: readonly Kind[] = [
  text,
  image,
  video,
  audio,
  document,
  sticker,
  location,
  contacts,
  reaction,
  template,
  interactive,
];

/** The kind of a request with its summary, or its problems, with the kind if it could be determined. */
type OutboundReading = { kind: string; summary: string } | { kind?: string; problems: Problem[] };

/**
 * Reads the whole JSON body of a request to send a message, or to mark one as read (the kind `read`). The kind of an
 * interactive message is its own type: `button`, `list`. Never throws; unknown keys are reported as problems.
 */
export function readOutbound(request: unknown): OutboundReading {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return { problems: [{ path: "", message: "the request must be a JSON object", reason: "invalid" }] };
  }
  // JSON omits keys whose value is undefined.
  const message = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  if (Object.hasOwn(message, "status")) return readAs(read, message);
  const type: unknown = Object.hasOwn(message, "type") ? message["type"] : text.name;
  const kind = outboundKinds.find(({ name }) => name === type);
  // For an unknown type, the key with its name is treated as the message, so that it is not reported as well.
  const own = kind === undefined ? [type, "type"] : [type];
  const rest = Object.fromEntries(Object.entries(message).filter(([key]) => !own.includes(key)));
  const problems = envelopeProblems(rest, { isTemplate: kind === template });
  if (kind === undefined) {
    const names = orList(outboundKinds.map(({ name }) => formatValue(name)));
    return { problems: [...problems, mismatch("type", names, type, formatValue)] };
  }
  if (kind !== interactive) return readAs(kind, message, problems);
  const found = findInteractive(message);
  return "read" in found ? readAs(found, message, problems) : { kind: kind.name, problems: [...problems, found] };
}

function readAs(kind: Kind, message: object, problems: Problem[] = []): OutboundReading {
  const reading = kind.read(message);
  const all = [...problems, ...("problems" in reading ? reading.problems : [])];
  return "summary" in reading && all.length === 0
    ? { kind: kind.name, summary: reading.summary }
    : { kind: kind.name, problems: all };
}

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

function namedExamples(kind: Kind): { name: string; example: object }[] {
  return Object.entries(kind.examples).map(([variant, example]) => ({
    name: exampleName(kind.name, variant),
    example: structuredClone(example),
  }));
}
