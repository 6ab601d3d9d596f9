/** What a customer sends, completed: the type, the file behind a media message, who wrote the message that is answered. */
import { UsageError } from "../../errors.ts";
import { asItem } from "../../json.ts";
import type { Account } from "../options.ts";
import type { Shelf } from "./media-store.ts";
import { SAMPLES, type Sample } from "./samples.ts";

interface Content {
  type: string;
  content: Record<string, unknown>;
}

interface Around {
  account: Account;
  shelf: Shelf;
  url: string;
}

/** What the emulator says itself, or what comes last. */
const OWN = new Set(["from", "from_user_id", "id", "timestamp", "type"]);
const EXTRAS: Readonly<Record<string, object>> = {
  audio: { voice: true },
  document: { filename: "document.pdf" },
  sticker: { animated: false },
};

/** Throws a `UsageError` when it has no text or no type. */
export function inboundContent(message: string | object, around: Around): Content {
  if (typeof message === "string") {
    if (message.trim() === "") throw unusable("an empty text cannot be sent");
    return { type: "text", content: { text: { body: message } } };
  }
  const given = asItem(message);
  const type = given?.["type"];
  if (given === undefined || typeof type !== "string" || type === "") {
    throw unusable('a message needs a type, as in { "type": "image", "image": {} }');
  }
  const content = Object.fromEntries(Object.entries(given).filter(([key]) => !OWN.has(key)));
  const context = asItem(content["context"]);
  if (context?.["id"] !== undefined) content["context"] = { from: around.account.displayNumber, ...context };
  const sample = Object.hasOwn(SAMPLES, type) ? SAMPLES[type] : undefined;
  if (sample !== undefined) {
    content[type] = { ...EXTRAS[type], ...withFile(asItem(content[type]) ?? {}, sample, around) };
  }
  return { type, content };
}

/** Behind a media message there is always a file: the one with the given id, or else a small one of its sort. */
function withFile({ id, ...words }: Readonly<Record<string, unknown>>, sample: Sample, { shelf, url }: Around): object {
  const media = (typeof id === "string" && shelf.get(id)) || shelf.add(sample.bytes, sample.mime, "received");
  const sha256 = Buffer.from(media.sha256, "hex").toString("base64");
  return { ...words, mime_type: media.mime, sha256, id: media.id, url: shelf.urlOf(media, url, "webhook") };
}

/** What a person asked a customer to send cannot be sent. */
export function unusable(message: string): UsageError {
  return new UsageError(message, { code: "emulate.message" });
}
