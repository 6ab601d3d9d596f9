/** The shared options of the `wa-hook webhook` commands. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { Journal, readEntries } from "../../registration/journal.ts";
import { stateFolder } from "../../registration/neighbors.ts";
import { input, setting, type SourcedValue } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { businessAccountId, graphInputs, phoneNumberId } from "../inputs/graph.ts";

export const level = input(
  "--level <level>",
  "Level of the callback: phone, waba or app (default: phone)",
  z.enum(["phone", "waba", "app"], "must be phone, waba or app").default("phone"),
);

export const webhookInputs = {
  phoneNumberId,
  businessAccountId,
  appId: setting("appId", "--app-id <id>", "The ID of the app that receives the webhooks"),
  ...graphInputs,
};

export const verifyToken = setting(
  "verifyToken",
  "--verify-token-file <file>",
  "Read the verify token of the callback from a file",
);

export function needVerifyToken(given: SourcedValue | undefined): string {
  if (given !== undefined) return given.value;
  throw new UsageError("no verify token is set; Meta sends it in the handshake", {
    code: "webhook.verify-token",
    hint: "set WHATSAPP_VERIFY_TOKEN in .env to the verify token of the app at that URL",
  });
}

/** Opens the record of the folder; the caller closes it. Throws a `UsageError` while a listener has it open. */
export async function openJournal({ cwd, env }: World): Promise<Journal> {
  const journal = await Journal.open(cwd, stateFolder(env));
  if (journal !== undefined) return journal;
  const pid = readEntries(cwd).findLast((entry) => entry.pid !== undefined)?.pid;
  const who = pid === undefined ? "another wa-hook" : `wa-hook listen (process ${pid})`;
  throw new UsageError(`${who} is running in this folder and restores the callback on exit`, {
    code: "webhook.running",
    hint: "stop it with Ctrl-C",
  });
}
