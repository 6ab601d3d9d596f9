/** The resumable upload API: a session, its parts and the handle of the file. Source: Meta, "Resumable Upload API". */
import { textAt, parametersOf, type Call } from "../http/call.ts";
import { oneOf, wholeNumber } from "../http/checks.ts";
import { invalid, missing, ok, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const MB = 1024 * 1024;
const MAX_FILE_BYTES = 100 * MB;
const TYPES = ["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];

export const uploadRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/:id/uploads",
    node: "app",
    query: ["file_name", "file_length", "file_type"],
    run: start,
  },
  {
    method: "POST",
    path: "/:id",
    node: "upload",
    query: ["sig"],
    maxBytes: MAX_FILE_BYTES,
    raw: true,
    run: add,
  },
  {
    method: "GET",
    path: "/:id",
    node: "upload",
    query: ["sig"],
    run: (call, { business }) => ok({ id: call.id, file_offset: business.uploads.offsetOf(call.id) }),
  },
];

function start(call: Call, { business }: State): GraphResponse {
  const parameters = parametersOf(call);
  const length = wholeNumber(parameters, "file_length");
  const type = oneOf(parameters, "file_type", TYPES);
  if (length === undefined) throw missing("file_length");
  if (type === undefined) throw missing("file_type");
  if (length < 1 || length > MAX_FILE_BYTES) {
    throw invalid(`Param file_length must be from 1 to ${MAX_FILE_BYTES}.`);
  }
  return ok({ id: business.uploads.start(type, length) });
}

function add(call: Call, { business }: State): GraphResponse {
  const header = textAt(call.headers, "file_offset");
  if (header === undefined)
    throw missing("file_offset", "file_offset: send it as a header, 0 for the start of the file");
  const offset = wholeNumber({ file_offset: header }, "file_offset") ?? 0;
  const handle = business.uploads.add(call.id, offset, call.body.bytes ?? Buffer.alloc(0));
  // Meta documents no response to a part of a file; this one is that of its GET.
  return ok(handle === undefined ? { id: call.id, file_offset: business.uploads.offsetOf(call.id) } : { h: handle });
}
