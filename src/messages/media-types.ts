/** The media that Meta takes: which types, and how large. Source: Meta, "Media", Cloud API, supported media types. */

export type MediaKind = "image" | "video" | "audio" | "document" | "sticker";

interface MediaType {
  mime: string;
  /** File name endings, the usual one first. */
  endings: readonly string[];
  /** Bytes by which such a file is known, at an offset. */
  mark?: { at: number; bytes: string };
}

const MB = 1024 * 1024;

/** What each kind of message takes; `maxBytes` is after Meta's own processing. */
export const MEDIA: Readonly<Record<MediaKind, { maxBytes: number; types: readonly MediaType[] }>> = {
  image: {
    maxBytes: 5 * MB,
    types: [
      { mime: "image/jpeg", endings: [".jpg", ".jpeg"], mark: { at: 0, bytes: "\u00ff\u00d8\u00ff" } },
      { mime: "image/png", endings: [".png"], mark: { at: 0, bytes: "\u0089PNG" } },
    ],
  },
  video: {
    maxBytes: 16 * MB,
    types: [
      { mime: "video/mp4", endings: [".mp4"], mark: { at: 4, bytes: "ftyp" } },
      { mime: "video/3gpp", endings: [".3gp", ".3gpp"], mark: { at: 4, bytes: "ftyp" } },
    ],
  },
  audio: {
    maxBytes: 16 * MB,
    types: [
      { mime: "audio/ogg", endings: [".ogg", ".opus"], mark: { at: 0, bytes: "OggS" } },
      { mime: "audio/mpeg", endings: [".mp3"] },
      { mime: "audio/mp4", endings: [".m4a"], mark: { at: 4, bytes: "ftyp" } },
      { mime: "audio/aac", endings: [".aac"] },
      { mime: "audio/opus", endings: [] },
      { mime: "audio/amr", endings: [".amr"], mark: { at: 0, bytes: "#!AMR" } },
    ],
  },
  document: {
    maxBytes: 100 * MB,
    types: [
      { mime: "application/pdf", endings: [".pdf"], mark: { at: 0, bytes: "%PDF" } },
      { mime: "text/plain", endings: [".txt"] },
      { mime: "application/msword", endings: [".doc"] },
      { mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", endings: [".docx"] },
      { mime: "application/vnd.ms-excel", endings: [".xls"] },
      { mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", endings: [".xlsx"] },
      { mime: "application/vnd.ms-powerpoint", endings: [".ppt"] },
      { mime: "application/vnd.openxmlformats-officedocument.presentationml.presentation", endings: [".pptx"] },
    ],
  },
  sticker: {
    // Of an animated one; a static one may have 100 kB.
    maxBytes: 500 * 1024,
    types: [{ mime: "image/webp", endings: [".webp"], mark: { at: 8, bytes: "WEBP" } }],
  },
};

const KINDS = Object.keys(MEDIA) as MediaKind[];

/** The first kind that takes a MIME type (parameters such as `; codecs=opus` do not count), or a file name's ending. */
export function mediaKindOf(mimeOrEnding: string): { kind: MediaKind; type: MediaType } | undefined {
  const wanted = (mimeOrEnding.split(";")[0] ?? "").trim().toLowerCase();
  for (const kind of KINDS) {
    const type = MEDIA[kind].types.find(({ mime, endings }) => mime === wanted || endings.includes(wanted));
    if (type !== undefined) return { kind, type };
  }
  return undefined;
}

/** The usual ending of a MIME type's files, `.bin` for one that is not known. */
export function endingOf(mime: string): string {
  return mediaKindOf(mime)?.type.endings[0] ?? ".bin";
}

/** Whether a file's first bytes are those of the type; true where a type has no such bytes. */
export function bearsMark({ mark }: MediaType, beginning: Uint8Array): boolean {
  if (mark === undefined) return true;
  const found = Buffer.from(beginning.subarray(mark.at, mark.at + mark.bytes.length)).toString("latin1");
  return found === mark.bytes;
}
