/** What a customer can send, with examples for the form. */
import { inboundKinds } from "../messages/inbound/index.ts";
import { exampleName } from "../messages/kind.ts";
import type { ComposableKind } from "./api.ts";

/** What WhatsApp itself sends, not a customer. */
const NOT_COMPOSED = new Set(["system", "unknown", "unsupported", "errors", "media_placeholder"]);
/** Of media, which the emulator completes with a file of its own. */
const FILE_KEYS = new Set(["id", "mime_type", "sha256", "url"]);
const MEDIA = new Set(["image", "video", "audio", "document", "sticker"]);

let kinds: readonly ComposableKind[] | undefined;

export function composableKinds(): readonly ComposableKind[] {
  kinds ??= inboundKinds
    .filter(({ name }) => !NOT_COMPOSED.has(name))
    .map(({ name, examples }) => ({
      kind: name,
      examples: Object.entries(examples)
        .filter(([, example]) => !("errors" in example))
        .map(([variant, example]) => ({ name: exampleName(name, variant), message: messageOf(name, example) })),
    }));
  return kinds;
}

function messageOf(type: string, example: object): object {
  const { customer: _, ...content } = example as Record<string, unknown>;
  const file = MEDIA.has(type) ? content[type] : undefined;
  if (file === undefined) return { type, ...content };
  const kept = Object.entries(file as object).filter(([key]) => !FILE_KEYS.has(key));
  return { type, ...content, [type]: Object.fromEntries(kept) };
}
