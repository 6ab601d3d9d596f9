/** Media routes: upload, lookup, delete. Sizes and types as in Meta's "Supported media types". */
import { MEDIA, mediaKindOf } from "../../messages/media-types.ts";
import { MESSAGING } from "../account/tokens.ts";
import { parametersOf, type Call } from "../http/call.ts";
import { requireProduct } from "../http/checks.ts";
import { fieldsOf } from "../http/fields.ts";
import { ok, missing, GraphErrorResponse, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const MB = 1024 * 1024;
/** How many bytes of the surrounding form a stored file may keep in memory. */
const MAX_SHARED_BYTES = 4096;
/** The largest file plus the overhead of the form. */
const MAX_UPLOAD_BYTES = 101 * MB;

export const mediaRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/:id/media",
    node: "phone",
    scope: MESSAGING,
    category: "media",
    query: ["messaging_product", "type"],
    maxBytes: MAX_UPLOAD_BYTES,
    run: upload,
  },
  {
    method: "GET",
    path: "/:id",
    node: "media",
    scope: MESSAGING,
    category: "media",
    query: ["phone_number_id", "fields"],
    run: show,
  },
  {
    method: "DELETE",
    path: "/:id",
    node: "media",
    scope: MESSAGING,
    category: "media",
    query: ["phone_number_id"],
    run: (call, state) => {
      checkNumber(call, state);
      state.mediaStore.remove(call.id);
      return SUCCESS;
    },
  },
];

function upload(call: Call, { mediaStore }: State): GraphResponse {
  // Some clients send all fields except the file in the query.
  const fields = parametersOf(call);
  requireProduct(fields);
  const [file] = call.body.files;
  if (file === undefined) {
    throw missing("file", "file: send a multipart form with a part named file that has a filename");
  }
  // Programs that do not know the type declare bytes of any kind.
  const declared =
    file.type === "" || file.type === "application/octet-stream" ? (fields["type"] ?? file.type) : file.type;
  const mime = typeof declared === "string" ? declared.toLowerCase() : "application/octet-stream";
  const found = mediaKindOf(mime);
  // The type becomes a response header on download, so it must be printable ASCII.
  if (found === undefined || /[^ -~]/.test(mime)) {
    const mimes = Object.values(MEDIA).flatMap(({ types }) => types.map((type) => type.mime));
    throw new GraphErrorResponse(131053, {
      details: `file: the type ${mime} is not supported; supported types: ${mimes.join(", ")}`,
    });
  }
  const { maxBytes } = MEDIA[found.kind];
  const { length } = file.bytes;
  if (length === 0) throw new GraphErrorResponse(131053, { details: "file: the file is empty" });
  if (length > maxBytes) {
    const details = `file: ${length} bytes exceed the limit of ${maxBytes} for ${found.type.mime}`;
    throw new GraphErrorResponse(131053, { details });
  }
  // A small part would keep a large piece of memory.
  const small = file.bytes.buffer.byteLength - length > MAX_SHARED_BYTES;
  const media = mediaStore.add(small ? Buffer.from(file.bytes) : file.bytes, mime, "uploaded");
  return ok({ id: media.id });
}

function show(call: Call, state: State): GraphResponse {
  checkNumber(call, state);
  const media = state.mediaStore.get(call.id);
  if (media === undefined) throw state.access.notFound(call);
  const { id, mime, sha256, bytes } = media;
  const all = {
    url: state.mediaStore.urlOf(media, call.origin),
    mime_type: mime,
    sha256,
    file_size: bytes.length,
    id,
    messaging_product: "whatsapp",
  };
  return ok(call.query["fields"] === undefined ? all : fieldsOf(call, "media", all, []));
}

/** Throws a `GraphErrorResponse` when `phone_number_id` is given and is not a number of the account. */
function checkNumber(call: Call, { access, phoneNumbers }: State): void {
  const number = call.query["phone_number_id"];
  if (number !== undefined && phoneNumbers.get(number) === undefined) throw access.notFound(call);
}
