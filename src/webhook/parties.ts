/** Which customer an event is about, and in which direction it went. */
import type { WebhookEvent } from "./event.ts";

export interface Parties {
  /** A phone number (digits only) or a business-scoped user ID; missing for events of the account. */
  customer?: string;
  /** Whether it went to the customer: the status or the echo of a message that the business sent. */
  outgoing: boolean;
}

export function partiesOf({ group, field, from, to, name }: WebhookEvent): Parties {
  if (group === "message") return { ...(from === undefined ? {} : { customer: from }), outgoing: false };
  // Both are known of a call and of an echo, where `from` is the business. Of a call, Meta gives the profile of the customer only.
  const isIncoming = to === undefined || (field === "calls" && from !== undefined && name !== undefined);
  const customer = isIncoming ? from : to;
  return { ...(customer === undefined ? {} : { customer }), outgoing: !isIncoming };
}
