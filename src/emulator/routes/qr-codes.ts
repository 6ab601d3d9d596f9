/** QR codes and short links of a number. Source: Meta, "QR codes and short links". */
import { MANAGEMENT } from "../account/tokens.ts";
import { fileUrl } from "../business/files.ts";
import type { QrCode } from "../business/qr-codes.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { oneOf, requireText } from "../http/checks.ts";
import { invalid, ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import { pageOf } from "../http/page.ts";
import { SAMPLES } from "../messaging/samples.ts";
import type { State } from "../state.ts";
import { PAGE_QUERY, type Route } from "./route.ts";

const rights = { node: "phone", scope: MANAGEMENT } as const;
const all = "/:id/message_qrdls";
const one = "/:id/message_qrdls/:code";
const query = ["code", "prefilled_message", "generate_qr_image"];
const partly = "the image is a placeholder";
const MAX_MESSAGE = 140;

export const qrCodeRoutes: readonly Route[] = [
  { method: "GET", path: all, ...rights, query: ["fields", ...PAGE_QUERY], run: list },
  { method: "POST", path: all, ...rights, query, partly, run: put },
  { method: "GET", path: one, ...rights, query: ["fields"], run: (call, state) => ok({ data: [codeIn(call, state)] }) },
  { method: "POST", path: one, ...rights, query, run: put },
  { method: "DELETE", path: one, ...rights, run: remove },
];

function list(call: Call, { business }: State): GraphResponse {
  const { data, ...paging } = pageOf(business.numbers.of(call.id).qrCodes.list(), call.query, call);
  return ok({ data, ...paging });
}

/** Creates a code, or changes the one in the path or in `code`. */
function put(call: Call, state: State): GraphResponse {
  const parameters = parametersOf(call);
  const { qrCodes } = state.business.numbers.of(call.id);
  const named = call.path.split("/")[3] ?? textAt(parameters, "code");
  const existing = named === undefined ? undefined : find(named, call, state);
  const message = requireText(parameters, "prefilled_message", MAX_MESSAGE);
  const format = oneOf(parameters, "generate_qr_image", ["SVG", "PNG"]);
  const code = existing === undefined ? qrCodes.add(message) : qrCodes.update(existing, message);
  return ok(format === undefined ? code : { ...code, qr_image_url: imageOf(code, format, call, state) });
}

function remove(call: Call, state: State): GraphResponse {
  state.business.numbers.of(call.id).qrCodes.remove(codeIn(call, state).code);
  return SUCCESS;
}

function codeIn(call: Call, state: State): QrCode {
  return find(call.path.split("/")[3] ?? "", call, state);
}

function find(code: string, call: Call, { business }: State): QrCode {
  const found = business.numbers.of(call.id).qrCodes.get(code);
  if (found === undefined) throw invalid("Invalid parameter", `code: the number has no QR code ${code}`);
  return found;
}

/** The URL of a placeholder: the emulator draws no QR codes. */
function imageOf(
  { code, deep_link_url }: QrCode,
  format: "SVG" | "PNG",
  { origin }: Call,
  { business }: State,
): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40"><text y="24">${deep_link_url}</text></svg>`;
  const { mime, bytes } =
    format === "SVG" || SAMPLES["image"] === undefined
      ? { mime: "image/svg+xml", bytes: Buffer.from(svg) }
      : SAMPLES["image"];
  const name = `qr-${code}-${format.toLowerCase()}`;
  business.files.put(name, { mime, bytes });
  return fileUrl(origin, name);
}
