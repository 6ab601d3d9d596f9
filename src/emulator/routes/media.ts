/** Media: uploaded, looked up, deleted. Sizes and types as in Meta's "Supported media types". */
import { MEDIA, mediaKindOf } from "../../messages/media-types.ts";
import { MESSAGING } from "../account/tokens.ts";
import { answer, missing, Refusal, SUCCESS, type Answer } from "../http/answer.ts";
import { parametersOf, type Call } from "../http/call.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const MB = 1024 * 1024;
/** What may be kept besides a file because it is in one piece of memory with it. */
const MAX_AROUND_BYTES = 4096;
/** The largest file and what surrounds it in the form. */
const MAX_UPLOAD_BYTES = 101 * MB;

export const mediaRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/:id/media",
    node: "phone",
    scope: MESSAGING,
    sort: "media",
    maxBytes: MAX_UPLOAD_BYTES,
    run: upload,
  },
  {
    method: "GET",
    path: "/:id",
    node: "media",
    scope: MESSAGING,
    sort: "media",
    query: ["phone_number_id"],
    run: show,
  },
  {
    method: "DELETE",
    path: "/:id",
    node: "media",
    scope: MESSAGING,
    sort: "media",
    query: ["phone_number_id"],
    run: (call, state) => {
      ofThisNumber(call, state);
      state.shelf.remove(call.id);
      return SUCCESS;
    },
  },
];

function upload(call: Call, { shelf }: State): Answer {
  // Some callers put everything but the file into the query.
  const fields = parametersOf(call);
  if (fields["messaging_product"] !== "whatsapp") throw missing("messaging_product");
  const [file] = call.body.files;
  if (file === undefined) {
    throw missing("file", "file: send the file in a multipart form, in a part named file with a filename");
  }
  const declared = file.type === "" ? fields["type"] : file.type;
  const mime = typeof declared === "string" ? declared.toLowerCase() : "application/octet-stream";
  const found = mediaKindOf(mime);
  // It is a header later.
  if (found === undefined || /[^ -~]/.test(mime)) {
    const mimes = Object.values(MEDIA).flatMap(({ types }) => types.map((type) => type.mime));
    throw new Refusal(131053, { details: `file: its type is ${mime}, which is none of ${mimes.join(", ")}` });
  }
  const { maxBytes } = MEDIA[found.kind];
  const { length } = file.bytes;
  if (length === 0) throw new Refusal(131053, { details: "file: it is empty" });
  if (length > maxBytes) {
    const details = `file: it has ${length} bytes; ${found.type.mime} may have ${maxBytes}`;
    throw new Refusal(131053, { details });
  }
  // A small part would keep a large piece of memory.
  const small = file.bytes.buffer.byteLength - length > MAX_AROUND_BYTES;
  const media = shelf.add(small ? Buffer.from(file.bytes) : file.bytes, mime, "uploaded");
  return answer({ id: media.id });
}

function show(call: Call, state: State): Answer {
  ofThisNumber(call, state);
  const media = state.shelf.get(call.id);
  if (media === undefined) throw state.access.nothingAt(call);
  const { id, mime, sha256, bytes } = media;
  return answer({
    url: state.shelf.urlOf(media, call.origin),
    mime_type: mime,
    sha256,
    file_size: bytes.length,
    id,
    messaging_product: "whatsapp",
  });
}

/** Media can be asked for as that of one number. */
function ofThisNumber(call: Call, { access, account }: State): void {
  const number = call.query["phone_number_id"];
  if (number !== undefined && number !== account.phoneNumberId) throw access.nothingAt(call);
}
