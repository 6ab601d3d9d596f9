/** Completes a message from a customer: its type, the media file, and the sender of a quoted message. */
import { UsageError } from "../../errors.ts";
import { asJsonObject } from "../../json.ts";
import type { Account } from "../options.ts";
import type { MediaStore } from "./media-store.ts";
import { SAMPLES, type Sample } from "./samples.ts";

interface Content {
  type: string;
  content: Record<string, unknown>;
}

interface InboundOptions {
  account: Account;
  mediaStore: MediaStore;
  url: string;
}

/** Fields that the emulator sets itself. */
const RESERVED = new Set(["from", "from_user_id", "id", "timestamp", "type"]);
const DEFAULTS: Readonly<Record<string, object>> = {
  audio: { voice: true },
  document: { filename: "document.pdf" },
  sticker: { animated: false },
};

/** Throws a `UsageError` when the text is empty or the type is missing. */
export function inboundContent(message: string | object, options: InboundOptions): Content {
  if (typeof message === "string") {
    if (message.trim() === "") throw messageError("the text is empty");
    return { type: "text", content: { text: { body: message } } };
  }
  const given = asJsonObject(message);
  const type = given?.["type"];
  if (given === undefined || typeof type !== "string" || type === "") {
    throw messageError('the message has no type; expected for example { "type": "image", "image": {} }');
  }
  const content = Object.fromEntries(Object.entries(given).filter(([key]) => !RESERVED.has(key)));
  const context = asJsonObject(content["context"]);
  if (context?.["id"] !== undefined) content["context"] = { from: options.account.displayNumber, ...context };
  const sample = Object.hasOwn(SAMPLES, type) ? SAMPLES[type] : undefined;
  if (sample !== undefined) {
    content[type] = { ...DEFAULTS[type], ...withFile(asJsonObject(content[type]) ?? {}, sample, options) };
  }
  return { type, content };
}

/** Adds the file of a media message: the uploaded one with the given id, or a sample of the message's type. */
export function withFile(
  { id, ...rest }: Readonly<Record<string, unknown>>,
  sample: Sample,
  { mediaStore, url }: InboundOptions,
): object {
  const media = (typeof id === "string" && mediaStore.get(id)) || mediaStore.add(sample.bytes, sample.mime, "received");
  const sha256 = Buffer.from(media.sha256, "hex").toString("base64");
  return { ...rest, mime_type: media.mime, sha256, id: media.id, url: mediaStore.urlOf(media, url, "webhook") };
}

/** The error for a message that a customer cannot send. */
export function messageError(message: string): UsageError {
  return new UsageError(message, { code: "emulate.message" });
}
