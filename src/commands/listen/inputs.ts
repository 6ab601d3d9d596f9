/** The options of `wa-hook listen`. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { count, endpoint, input, setting, storeFile, yes } from "../../terminal/command.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { WebhookEvent } from "../../webhook/event.ts";
import { eventFilter } from "../../webhook/filter.ts";
import { graphInputs, phoneNumberId } from "../inputs/graph.ts";
import { tunnelInputs } from "../inputs/tunnel.ts";

const header = z.string().transform((typed, context): [string, string] => {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*([\x20-\x7e]*)$/.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  context.addIssue("must be a header such as X-Team: blue");
  return z.NEVER;
});

export const listenInputs = z.object({
  forwardTo: input(
    "--forward-to <port|path|url>",
    "hand accepted deliveries on to your app",
    endpoint("http://localhost/webhook").optional(),
  ),
  header: input(
    "--header <name:value>",
    "a header for the forwarded requests (repeatable)",
    z.array(header).default([]),
  ),
  events: input(
    "--events <list>",
    "print and forward only these: text,image,failed,account_*",
    z.string().transform(wantedEvents).optional(),
  ),
  port: setting("port", "--port <port>", "the port to listen on (default: 8000)", count(0, 65_535, DEFAULT_PORT)),
  host: input(
    "--host <address>",
    "the address to listen on (default: 127.0.0.1, this machine only)",
    z.string().default("127.0.0.1"),
  ),
  path: input("--path <path>", "the path of the webhook (default: /webhook)", z.string().default("/webhook")),
  store: storeFile,
  record: input("--no-record", "keep nothing on disk", z.boolean().default(true)),
  verifyToken: setting("verifyToken", "--verify-token-file <file>", "a file that holds the verify token"),
  saveMedia: input(
    "--save-media <folder>",
    "fetch each received file at once: its address lives for minutes",
    z.string().optional(),
  ),
  ...graphInputs,
  ...tunnelInputs,
  register: input(
    "--register <level>",
    "tell Meta the public URL, until the end: phone, waba or app",
    z.enum(["phone", "waba", "app"], "must be phone, waba or app").optional(),
  ),
  selfCheck: input("--no-self-check", "do not look through the public URL first", z.boolean().default(true)),
  phoneNumberId,
  businessAccountId: setting("businessAccountId", "", ""),
  appId: setting("appId", "", ""),
  printVerifyToken: input("--print-verify-token", "print the verify token and end", yes),
});

function wantedEvents(list: string, context: z.RefinementCtx): (event: WebhookEvent) => boolean {
  try {
    return eventFilter(list);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.addIssue(`is wrong: ${error.message}; ${error.hint}`);
    return z.NEVER;
  }
}

export type ListenInputs = z.output<typeof listenInputs>;
