/** The media types that Meta accepts, and their size limits. Source: Meta, "Media", Cloud API, supported media types. */

export type MediaKind = "image" | "video" | "audio" | "document" | "sticker";

interface MediaType {
  mime: string;
  /** File name extensions, the most common one first. */
  extensions: readonly string[];
  /** Magic bytes at an offset, as Latin-1 text. */
  magic?: { at: number; bytes: string };
}

const MB = 1024 * 1024;

/** The accepted types per kind of message; `maxBytes` applies after Meta's own processing. */
export const MEDIA: Readonly<Record<MediaKind, { maxBytes: number; types: readonly MediaType[] }>> = {
  image: {
    maxBytes: 5 * MB,
    types: [
      { mime: "image/jpeg", extensions: [".jpg", ".jpeg"], magic: { at: 0, bytes: "\u00ff\u00d8\u00ff" } },
      { mime: "image/png", extensions: [".png"], magic: { at: 0, bytes: "\u0089PNG" } },
    ],
  },
  video: {
    maxBytes: 16 * MB,
    types: [
      { mime: "video/mp4", extensions: [".mp4"], magic: { at: 4, bytes: "ftyp" } },
      { mime: "video/3gpp", extensions: [".3gp", ".3gpp"], magic: { at: 4, bytes: "ftyp" } },
    ],
  },
  audio: {
    maxBytes: 16 * MB,
    types: [
      { mime: "audio/ogg", extensions: [".ogg", ".opus"], magic: { at: 0, bytes: "OggS" } },
      { mime: "audio/mpeg", extensions: [".mp3"] },
      { mime: "audio/mp4", extensions: [".m4a"], magic: { at: 4, bytes: "ftyp" } },
      { mime: "audio/aac", extensions: [".aac"] },
      { mime: "audio/opus", extensions: [] },
      { mime: "audio/amr", extensions: [".amr"], magic: { at: 0, bytes: "#!AMR" } },
    ],
  },
  document: {
    maxBytes: 100 * MB,
    types: [
      { mime: "application/pdf", extensions: [".pdf"], magic: { at: 0, bytes: "%PDF" } },
      { mime: "text/plain", extensions: [".txt"] },
      { mime: "application/msword", extensions: [".doc"] },
      { mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", extensions: [".docx"] },
      { mime: "application/vnd.ms-excel", extensions: [".xls"] },
      { mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", extensions: [".xlsx"] },
      { mime: "application/vnd.ms-powerpoint", extensions: [".ppt"] },
      { mime: "application/vnd.openxmlformats-officedocument.presentationml.presentation", extensions: [".pptx"] },
    ],
  },
  sticker: {
    // For animated stickers; the limit for static ones is 100 kB.
    maxBytes: 500 * 1024,
    types: [{ mime: "image/webp", extensions: [".webp"], magic: { at: 8, bytes: "WEBP" } }],
  },
};

const KINDS = Object.keys(MEDIA) as MediaKind[];

/** The first kind that accepts a MIME type (parameters such as `; codecs=opus` are ignored) or a file name extension. */
export function mediaKindOf(mimeOrExtension: string): { kind: MediaKind; type: MediaType } | undefined {
  const wanted = (mimeOrExtension.split(";")[0] ?? "").trim().toLowerCase();
  for (const kind of KINDS) {
    const type = MEDIA[kind].types.find(({ mime, extensions }) => mime === wanted || extensions.includes(wanted));
    if (type !== undefined) return { kind, type };
  }
  return undefined;
}

/** The most common extension for a MIME type, or `.bin` if it is unknown. */
export function extensionOf(mime: string): string {
  return mediaKindOf(mime)?.type.extensions[0] ?? ".bin";
}

/** Whether a file starts with the magic bytes of the type; true for types without magic bytes. */
export function hasMagicBytes({ magic }: MediaType, beginning: Uint8Array): boolean {
  if (magic === undefined) return true;
  const found = Buffer.from(beginning.subarray(magic.at, magic.at + magic.bytes.length)).toString("latin1");
  return found === magic.bytes;
}
