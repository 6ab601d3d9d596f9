/** Downloads of media at the signed URLs from lookups and webhooks, valid for 5 minutes. */
import type { Call } from "../http/call.ts";
import { GraphErrorResponse, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

export const attachmentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/whatsapp_business/attachments",
    category: "media",
    query: ["mid", "source", "ext", "hash"],
    run: download,
  },
];

function download(call: Call, { access, mediaStore, account }: State): GraphResponse {
  // Opening the URL in a browser sends no token; the message explains the failure.
  if (call.headers.authorization === undefined)
    return plainText(401, "An access token is required: Authorization: Bearer …");
  try {
    if (access.tokenOf(call).target !== account.businessAccountId) return plainText(404, "Not found");
  } catch (error) {
    if (error instanceof GraphErrorResponse) return plainText(401, error.message);
    throw error;
  }
  const media = mediaStore.fetch(call.query);
  if (media === 403) return plainText(403, "The hash in the URL is invalid");
  if (media === 404) return plainText(404, "The URL has expired; request a new one from the media endpoint");
  return { status: 200, bytes: media.bytes, headers: { "content-type": media.mime } };
}

function plainText(status: number, message: string): GraphResponse {
  return { status, bytes: Buffer.from(`${message}\n`), headers: { "content-type": "text/plain; charset=utf-8" } };
}
