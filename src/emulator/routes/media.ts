/** Media: uploaded, looked up, deleted. Sizes and types as in Meta's "Supported media types". */
import { answer, missing, Refusal, SUCCESS, type Answer } from "../answer.ts";
import { contentOf, type Call } from "../call.ts";
import type { State } from "../state.ts";
import { MESSAGING } from "../tokens.ts";
import type { Route } from "./route.ts";

const MB = 1024 * 1024;
/** The largest file and what surrounds it in the form. */
const MAX_UPLOAD_BYTES = 101 * MB;

const OFFICE = "application/vnd.openxmlformats-officedocument.";

/** The types that can be uploaded, each with its largest size. */
const SORTS: readonly { mimes: readonly string[]; maxBytes: number }[] = [
  { mimes: ["image/jpeg", "image/png"], maxBytes: 5 * MB },
  { mimes: ["image/webp"], maxBytes: 500 * 1024 },
  { mimes: ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"], maxBytes: 16 * MB },
  { mimes: ["video/mp4", "video/3gpp"], maxBytes: 16 * MB },
  {
    mimes: [
      "text/plain",
      "application/pdf",
      "application/msword",
      "application/vnd.ms-excel",
      "application/vnd.ms-powerpoint",
      ...["wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"].map(
        (name) => OFFICE + name,
      ),
    ],
    maxBytes: 100 * MB,
  },
];

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

async function upload(call: Call, { shelf }: State): Promise<Answer> {
  const fields = contentOf(call);
  if (fields["messaging_product"] !== "whatsapp") throw missing("messaging_product");
  const [file] = call.body.files;
  if (file === undefined) {
    throw missing("file", "file: send the file in a multipart form, in a part named file with a filename");
  }
  const declared = file.type === "" ? fields["type"] : file.type;
  const mime = typeof declared === "string" ? declared : "application/octet-stream";
  const bare = mime.split(";")[0]?.trim().toLowerCase() ?? "";
  const sort = SORTS.find(({ mimes }) => mimes.includes(bare));
  if (sort === undefined) {
    const mimes = SORTS.flatMap((each) => each.mimes).join(", ");
    throw new Refusal(131053, { details: `file: its type is ${mime}, which is none of ${mimes}` });
  }
  if (file.size === 0) throw new Refusal(131053, { details: "file: it is empty" });
  if (file.size > sort.maxBytes) {
    throw new Refusal(131053, { details: `file: it has ${file.size} bytes; ${bare} may have ${sort.maxBytes}` });
  }
  const media = shelf.add(Buffer.from(await file.arrayBuffer()), mime, "uploaded");
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
