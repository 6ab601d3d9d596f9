/** Media as typed on the command line: a URL, a media ID, or a file, which is uploaded first. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { ID_FORM } from "../../graph/assets.ts";
import type { Graph } from "../../graph/client.ts";
import { curlOfUpload } from "../../graph/curl.ts";
import { mediaFile, uploadMedia, type MediaFile } from "../../graph/media.ts";
import type { MediaKind } from "../../messages/media-types.ts";
import { withProgress } from "./progress.ts";

export type UploadProgress =
  /** Progress: `done` of `total` bytes sent. */
  | { type: "uploading"; file: string; done: number; total: number }
  /** Meta accepted the file and gave it this media ID. */
  | { type: "uploaded"; file: string; id: string };

export type UploadEvent =
  /** With `--dry-run`: the upload that would be sent. */
  { type: "request"; method: "POST"; url: string; file: string; curl: string } | UploadProgress;

/** The phone number that uploads and sends. */
export interface Sender {
  graph: Graph;
  phoneNumberId: string;
}

/** The reference to the media in a message, and the name of an uploaded file. */
interface MediaSource {
  object: { id: string } | { link: string };
  name?: string;
}

export interface SourceOptions {
  sender: Sender;
  cwd: string;
  /** Yields the upload as a request instead of sending it. */
  dryRun: boolean;
}

export async function* mediaSource(
  typed: string,
  kind: MediaKind,
  { sender, cwd, dryRun }: SourceOptions,
): AsyncGenerator<UploadEvent, MediaSource, void> {
  if (/^https?:\/\//i.test(typed)) return { object: { link: typed } };
  const path = resolve(cwd, typed);
  if (ID_FORM.test(typed) && !existsSync(path)) return { object: { id: typed } };
  const file = await mediaFile(path, kind);
  if (dryRun) {
    const url = sender.graph.urlOf(`${sender.phoneNumberId}/media`).href;
    yield { type: "request", method: "POST", url, file: typed, curl: curlOfUpload(url, typed, file.mime) };
    return { object: { id: "ID_OF_THE_UPLOAD" }, name: file.name };
  }
  return { object: { id: yield* upload(sender, file) }, name: file.name };
}

/** Uploads a file and yields its progress. Returns the media ID. */
export async function* upload(
  { graph, phoneNumberId }: Sender,
  file: MediaFile,
): AsyncGenerator<UploadProgress, string, void> {
  const id = yield* withProgress<UploadProgress, string>((emit) =>
    uploadMedia(graph, phoneNumberId, file, (done, total = file.bytes) =>
      emit({ type: "uploading", file: file.name, done, total }),
    ),
  );
  yield { type: "uploaded", file: file.name, id };
  return id;
}
