/** Message IDs as typed on the command line: a complete ID, or `@last` and `@12` for recorded messages. */
import { UsageError } from "../../errors.ts";
import type { Kinded } from "../../store/query.ts";
import { isMalformed } from "../../store/sqlite/rows.ts";
import type { Delivery } from "../../store/store.ts";
import type { World } from "../../terminal/world.ts";
import { openRecorded, type Recorded } from "./recorded.ts";

/** Text for the help of an input. */
export const MESSAGE_ID = "message ID, @last, or @12 for delivery 12";

interface Lookup {
  /** The file of the store. */
  store?: string | undefined;
  /** Only received messages, not the statuses of sent ones. */
  received?: boolean;
}

/** Throws a `UsageError` when the ID is shortened, or when there is no such recorded message. */
export async function resolveMessageId(
  typed: string,
  { store, received = false }: Lookup,
  world: World,
): Promise<string> {
  if (/…|\.\.\./.test(typed)) {
    throw new UsageError(`the message ID ${typed} is shortened`, {
      code: "message-id.shortened",
      hint: "use @last or the delivery's number, such as @12; wa-hook events show 12 prints the complete ID",
    });
  }
  if (!/^@(last|\d+)$/.test(typed)) return typed;
  await using recorded = await openRecorded(store, world);
  const id =
    typed === "@last" ? await lastMessageId(recorded, world) : messageIdIn(await recorded.find(typed), received);
  if (id !== undefined) return id;
  throw new UsageError(typed === "@last" ? "no message has been received yet" : `delivery ${typed} has no message`, {
    code: "message-id.none",
    hint: "run wa-hook events list to see what was received",
  });
}

/** A message without an ID is possible, and rare. */
const LOOKED_AT = 20;

/** The ID of the newest received message. */
async function lastMessageId(recorded: Recorded, world: World): Promise<string | undefined> {
  await recorded.index(world.signal);
  let last: string | undefined;
  for await (const row of recorded.matching({ kinds: isMessage, status: "accepted", newest: LOOKED_AT })) {
    if (!isMalformed(row)) last = messageIdIn(row, true) ?? last;
  }
  return last;
}

function isMessage({ group }: Kinded): boolean {
  return group === "message";
}

function messageIdIn({ events }: Delivery, received: boolean): string | undefined {
  const message = events.findLast(({ group, id }) => group === "message" && id !== undefined);
  const status = received ? undefined : events.findLast(({ group, id }) => group === "status" && id !== undefined);
  return (message ?? status)?.id;
}
