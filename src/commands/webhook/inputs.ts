/** What the `wa-hook webhook` commands share. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { Journal, readEntries } from "../../registration/journal.ts";
import { stateFolder } from "../../registration/neighbors.ts";
import { input, setting, type SourcedValue } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, phoneNumberId } from "../inputs/graph.ts";

export const level = input(
  "--level <level>",
  "of the phone number, the business account (waba) or the app (default: phone)",
  z.enum(["phone", "waba", "app"], "must be phone, waba or app").default("phone"),
);

export const webhookInputs = {
  phoneNumberId,
  businessAccountId: setting("businessAccountId", "--business-account-id <id>", "the WhatsApp Business Account (WABA)"),
  appId: setting("appId", "--app-id <id>", "the app that gets the webhooks"),
  ...graphInputs,
};

export const verifyToken = setting(
  "verifyToken",
  "--verify-token-file <file>",
  "a file that holds the verify token of the callback",
);

export type WebhookInputs = z.output<z.ZodObject<typeof webhookInputs>>;

export function needVerifyToken(given: SourcedValue | undefined): string {
  if (given !== undefined) return given.value;
  throw new UsageError("no verify token is set: Meta shows it to the callback before it uses it", {
    code: "webhook.verify-token",
    hint: "put WHATSAPP_VERIFY_TOKEN into .env: the one that the app behind the URL knows",
  });
}

export function needAccount({ businessAccountId }: WebhookInputs): string {
  if (businessAccountId !== undefined) return businessAccountId.value;
  throw new UsageError("no business account id is set", {
    code: "webhook.account",
    hint: "put WHATSAPP_BUSINESS_ACCOUNT_ID into .env: it is under WhatsApp → API Setup in the app's dashboard",
  });
}

/** The folder's record, to be closed again. Throws a `UsageError` while a listener has it open. */
export async function openJournal({ cwd, env }: World): Promise<Journal> {
  const journal = await Journal.open(cwd, stateFolder(env));
  if (journal !== undefined) return journal;
  const pid = readEntries(cwd).findLast((entry) => entry.pid !== undefined)?.pid;
  const who = pid === undefined ? "another wa-hook" : `wa-hook listen (process ${pid})`;
  throw new UsageError(`${who} still runs in this folder and restores it at its end`, {
    code: "webhook.running",
    hint: "end it with Ctrl-C",
  });
}
