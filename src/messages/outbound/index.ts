/** What a business sends: the whole body of `POST /{phone-number-id}/messages`, read by its type. */
import { anyOf, exampleName, type Kind, mismatch, type Problem, show } from "../kind.ts";
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

/** Every kind, by the message's `type`: a new one is a file here and a line below. */
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

/** What a request was read as: its kind with a line for people, or its problems, with its kind where that is clear. */
type OutboundReading = { kind: string; summary: string } | { kind?: string; problems: Problem[] };

/**
 * Reads the whole JSON body of a request to send, or to mark as read (the kind `read`). The kind of an interactive
 * message is its own type: `button`, `list`. Never throws, and accepts no key in silence that it does not know.
 */
export function readOutbound(request: unknown): OutboundReading {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    return { problems: [{ place: "", message: "the request is not a JSON object", what: "wrong" }] };
  }
  // Keys without a value do not reach Meta.
  const message = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  if (Object.hasOwn(message, "status")) return readAs(read, message);
  const type: unknown = Object.hasOwn(message, "type") ? message["type"] : text.name;
  const kind = outboundKinds.find(({ name }) => name === type);
  // Of a type that nobody knows, the key of that name is the message.
  const own = kind === undefined ? [type, "type"] : [type];
  const rest = Object.fromEntries(Object.entries(message).filter(([key]) => !own.includes(key)));
  const problems = envelopeProblems(rest, { isTemplate: kind === template });
  if (kind === undefined) {
    const names = anyOf(outboundKinds.map(({ name }) => show(name)));
    return { problems: [...problems, mismatch("type", names, type, show)] };
  }
  if (kind !== interactive) return readAs(kind, message, problems);
  const sort = findInteractive(message);
  return "read" in sort ? readAs(sort, message, problems) : { kind: kind.name, problems: [...problems, sort] };
}

function readAs(kind: Kind, message: object, problems: Problem[] = []): OutboundReading {
  const reading = kind.read(message);
  const all = [...problems, ...("problems" in reading ? reading.problems : [])];
  return "summary" in reading && all.length === 0
    ? { kind: kind.name, summary: reading.summary }
    : { kind: kind.name, problems: all };
}

/** The customer and the message of every example. */
const SHARED = { messaging_product: "whatsapp", recipient_type: "individual", to: "+16505551234" };

/** Every example of every kind as a complete request: `text`, `text.preview`, `button`, `read`. Fresh copies: they may be changed. */
export function outboundExamples(): { name: string; request: object }[] {
  const messages = outboundKinds.flatMap((kind) =>
    (kind === interactive ? interactiveKinds : [kind]).flatMap((sort) =>
      named(sort).map(({ name, example }) => ({ name, request: { ...SHARED, type: kind.name, ...example } })),
    ),
  );
  return [...messages, ...named(read).map(({ name, example }) => ({ name, request: example }))];
}

function named(kind: Kind): { name: string; example: object }[] {
  return Object.entries(kind.examples).map(([variant, example]) => ({
    name: exampleName(kind.name, variant),
    example: structuredClone(example),
  }));
}
