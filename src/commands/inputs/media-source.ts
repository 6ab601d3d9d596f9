/** Media as typed: an address, a media id, or a file that is uploaded first. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { ID_FORM } from "../../graph/assets.ts";
import type { Graph } from "../../graph/client.ts";
import { curlOfUpload } from "../../graph/curl.ts";
import { mediaFile, uploadMedia, type MediaFile } from "../../graph/media.ts";
import type { MediaKind } from "../../messages/media-types.ts";
import type { Sending } from "../send/send.ts";
import type { SendEvent } from "../send/view.ts";
import { telling } from "./progress.ts";

/** What a message says of its media, and the file's name when it was one. */
interface Source {
  object: { id: string } | { link: string };
  name?: string;
}

interface Place {
  sending: Sending;
  cwd: string;
  dryRun: boolean;
}

export async function* sourceOf(
  typed: string,
  kind: MediaKind,
  { sending, cwd, dryRun }: Place,
): AsyncGenerator<SendEvent, Source, void> {
  if (/^https?:\/\//i.test(typed)) return { object: { link: typed } };
  const path = resolve(cwd, typed);
  if (ID_FORM.test(typed) && !existsSync(path)) return { object: { id: typed } };
  const file = await mediaFile(path, kind);
  if (dryRun) {
    const url = sending.graph.urlOf(`${sending.phoneNumberId}/media`).href;
    yield { type: "request", method: "POST", url, file: typed, curl: curlOfUpload(url, typed, file.mime) };
    return { object: { id: "ID_OF_THE_UPLOAD" }, name: file.name };
  }
  return { object: { id: yield* upload(sending.graph, sending.phoneNumberId, file) }, name: file.name };
}

/** Uploads and tells how far it is. */
export async function* upload(
  graph: Graph,
  phoneNumberId: string,
  file: MediaFile,
): AsyncGenerator<SendEvent, string, void> {
  const id = yield* telling<SendEvent, string>((tell) =>
    uploadMedia(graph, phoneNumberId, file, (done, total = file.bytes) =>
      tell({ type: "uploading", file: file.name, done, total }),
    ),
  );
  yield { type: "uploaded", file: file.name, id };
  return id;
}
