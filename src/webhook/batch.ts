/** Several updates in one POST, as Meta batches them: up to 1000 updates and 3 MB. Source: Meta, "Create a webhook endpoint". */
import type { Payload } from "./envelope.ts";
import { encodeWire } from "./wire.ts";

export const MAX_BATCH = 1000;
export const MAX_BATCH_BYTES = 3 * 1024 * 1024;
/** Updates that are due in the same interval are sent together. */
export const BATCH_MS = 500;

/** One body for several. Changes of an account share an entry, except those with a time of their own. */
export function mergeBodies(bodies: readonly Buffer[], encode: (payload: Payload) => Buffer = encodeWire): Buffer {
  const [only] = bodies;
  if (only !== undefined && bodies.length === 1) return only;
  const entry: Payload["entry"] = [];
  const shared = new Map<string, Payload["entry"][number]>();
  for (const each of bodies.flatMap((body) => (JSON.parse(body.toString("utf8")) as Payload).entry)) {
    const known = each.time === undefined ? shared.get(each.id) : undefined;
    if (known === undefined) entry.push(each);
    else for (const change of each.changes) known.changes.push(change);
    if (known === undefined && each.time === undefined) shared.set(each.id, each);
  }
  return encode({ object: "whatsapp_business_account", entry });
}
