/** The options of `wa-hook listen`. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import {
  location,
  count,
  duration,
  endpoint,
  input,
  setting,
  sizeInBytes,
  storeFile,
  whole,
  yes,
} from "../../terminal/command.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { WebhookEvent } from "../../webhook/event.ts";
import { eventFilter } from "../../webhook/filter.ts";
import { person } from "../inputs/filters.ts";
import { graphInputs, phoneNumberId } from "../inputs/graph.ts";
import { headerLine } from "../inputs/header.ts";
import { pageInputs } from "../inputs/page.ts";
import { tunnelInputs } from "../inputs/tunnel.ts";

export const listenInputs = z.object({
  forwardTo: input(
    "--forward-to <port|path|url>",
    "Forward accepted deliveries to your app (repeatable)",
    z.array(endpoint("http://localhost/webhook")).default([]),
  ),
  ack: input(
    "--ack <when>",
    "Respond to Meta when the delivery is recorded, or with your app's own status: app (default: recorded)",
    z.enum(["recorded", "app"], "must be recorded or app").default("recorded"),
  ),
  header: input(
    "--header <name:value>",
    "Add a header to forwarded requests (repeatable)",
    z.array(headerLine).default([]),
  ),
  events: input(
    "--events <list>",
    "Print and forward only these, such as text,failed,account_*",
    z.string().transform(wantedEvents).optional(),
  ),
  port: setting("port", "--port <port>", "Port to listen on (default: 8000)", count(0, 65_535, DEFAULT_PORT)),
  host: input(
    "--host <address>",
    "Address to listen on (default: 127.0.0.1, this machine only)",
    z.string().default("127.0.0.1"),
  ),
  path: input("--path <path>", "Path of the webhook (default: /webhook)", z.string().default("/webhook")),
  store: storeFile,
  from: location("from", "--from <url>", "Receive deliveries from the shared store redis://… instead of Meta"),
  group: input(
    "--group <name>",
    "With --from: divide the deliveries among all with this name (default: a copy for USER@HOST)",
    z
      .string()
      .regex(/^[\w.@ -]{1,80}$/, "must be at most 80 letters, digits, spaces, _ . @ and -")
      .optional(),
  ),
  number: input("--number <id>", "With --from: only deliveries of this phone number ID", z.string().optional()),
  sender: input("--sender <number>", "With --from: only deliveries about this customer", person.optional()),
  record: input("--no-record", "Do not record deliveries on disk", z.boolean().default(true)),
  keep: setting("keep", "--keep <time>", "Delete recorded deliveries after this time (default: 30d)", duration),
  keepSize: setting(
    "keepSize",
    "--keep-size <size>",
    "Delete the oldest while the recording is larger (default: 1G)",
    sizeInBytes,
  ),
  ...pageInputs("the page, /metrics and /health"),
  // The name before there was a page.
  adminPort: input("--admin-port <port>", "", whole(0, 65_535).optional()),
  admin: input("--no-admin", "Do not serve the page, /metrics and /health", z.boolean().default(true)),
  verifyToken: setting("verifyToken", "--verify-token-file <file>", "Read the verify token from a file"),
  saveMedia: input(
    "--save-media <folder>",
    "Download received media right away; media URLs expire within minutes",
    z.string().optional(),
  ),
  ...graphInputs,
  ...tunnelInputs,
  register: input(
    "--register <level>",
    "Register the public URL with Meta while running: phone, waba or app",
    z.enum(["phone", "waba", "app"], "must be phone, waba or app").optional(),
  ),
  selfCheck: input("--no-self-check", "Skip the self-check through the public URL", z.boolean().default(true)),
  phoneNumberId,
  businessAccountId: setting("businessAccountId", "", ""),
  appId: setting("appId", "", ""),
  printVerifyToken: input("--print-verify-token", "Print the verify token and exit", yes),
});

function wantedEvents(list: string, context: z.RefinementCtx): (event: WebhookEvent) => boolean {
  try {
    return eventFilter(list);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.addIssue(`is invalid: ${error.message}; ${error.hint}`);
    return z.NEVER;
  }
}

export type ListenInputs = z.output<typeof listenInputs>;
