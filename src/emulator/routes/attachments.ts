/** The bytes of media, at the URL that a look-up or a webhook gave, for five minutes. */
import type { Answer } from "../http/answer.ts";
import { Refusal } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

export const attachmentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/whatsapp_business/attachments",
    sort: "media",
    query: ["mid", "source", "ext", "hash"],
    run: download,
  },
];

function download(call: Call, { access, shelf, account }: State): Answer {
  // A browser has no token: this is what people see who open the URL there.
  if (call.headers.authorization === undefined) return plain(401, "An access token is needed: Authorization: Bearer …");
  try {
    if (access.tokenOf(call).target !== account.businessAccountId) return plain(404, "There is nothing here");
  } catch (error) {
    if (error instanceof Refusal) return plain(401, error.message);
    throw error;
  }
  const media = shelf.fetch(call.query);
  if (media === 403) return plain(403, "The hash of the URL is wrong");
  if (media === 404) return plain(404, "The URL has expired: look the media up again");
  return { status: 200, bytes: media.bytes, headers: { "content-type": media.mime } };
}

function plain(status: number, words: string): Answer {
  return { status, bytes: Buffer.from(`${words}\n`), headers: { "content-type": "text/plain; charset=utf-8" } };
}
