/** The business profile of a number. Source: Meta, "Business profiles". */
import { MANAGEMENT } from "../account/tokens.ts";
import { fileUrl } from "../business/files.ts";
import { profileChanges } from "../business/profile.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { requireProduct } from "../http/checks.ts";
import { invalid, ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const rights = { path: "/:id/whatsapp_business_profile", node: "phone", scope: MANAGEMENT } as const;
const FIELDS = "about address description email profile_picture_url websites vertical messaging_product".split(" ");

export const businessProfileRoutes: readonly Route[] = [
  { method: "GET", ...rights, query: ["fields"], run: show },
  { method: "POST", ...rights, run: update },
];

function show(call: Call, { business }: State): GraphResponse {
  const { picture, ...texts } = business.numbers.of(call.id).profile;
  const url = picture === undefined ? {} : { profile_picture_url: fileUrl(call.origin, picture) };
  const all: Record<string, unknown> = { ...texts, ...url, messaging_product: "whatsapp" };
  const names = (call.query["fields"] ?? FIELDS.join(",")).split(",").map((name) => name.trim());
  const unknown = names.find((name) => name !== "id" && name !== "" && !FIELDS.includes(name));
  if (unknown !== undefined) {
    throw invalid(`Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessProfile)`);
  }
  // Meta omits what is empty.
  const asked = [...new Set([...names, "messaging_product"])].filter((name) => all[name] !== undefined);
  return ok({ data: [Object.fromEntries(asked.map((name) => [name, all[name]]))] });
}

function update(call: Call, state: State): GraphResponse {
  const fields = parametersOf(call);
  requireProduct(fields);
  const assets = state.business.numbers.of(call.id);
  const picture = pictureOf(call, fields, state);
  const merged = { ...assets.profile, ...profileChanges(fields), ...(picture === undefined ? {} : { picture }) };
  assets.profile = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
  return SUCCESS;
}

/** Makes the uploaded picture available, and returns its name among the public files. */
function pictureOf(call: Call, fields: Record<string, unknown>, { business, ids }: State): string | undefined {
  const handle = textAt(fields, "profile_picture_handle");
  if (handle === undefined) return undefined;
  const file = business.uploads.fileOf(handle);
  if (file === undefined)
    throw invalid("Invalid parameter", "profile_picture_handle: no uploaded file has this handle");
  if (!/^image\/(?:jpe?g|png)$/.test(file.type) || file.bytes === undefined) {
    throw invalid(
      "Invalid parameter",
      `profile_picture_handle: expected a JPEG or PNG of at most 5 MB, not ${file.type}`,
    );
  }
  const name = `profile-${call.id}-${ids.digits("picture")}`;
  business.files.put(name, { mime: file.type, bytes: file.bytes });
  return name;
}
