/** Downloads of public files: profile pictures, QR codes and the JSON of flows, at URLs that need no token. */
import { FILES_PATH } from "../business/files.ts";
import type { Call } from "../http/call.ts";
import type { GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

export const fileRoutes: readonly Route[] = [{ method: "GET", path: `${FILES_PATH}/:id`, run: download }];

function download({ id }: Call, { business }: State): GraphResponse {
  const file = business.files.get(id);
  if (file === undefined) {
    const headers = { "content-type": "text/plain; charset=utf-8" };
    return { status: 404, bytes: Buffer.from("Not found\n"), headers };
  }
  const { bytes, mime } = file;
  // The files come from requests, so a browser must neither guess their type nor run what is in them.
  const headers = { "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox" };
  return { status: 200, bytes, headers: { ...headers, "content-type": mime } };
}
