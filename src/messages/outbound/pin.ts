/** Pins a message in a group, or unpins it. Source: Meta, "Groups API", pinned messages; the range of days is assumed. */
import * as z from "zod";

import { defineOutbound } from "./kind.ts";
import { assumedRange, nonEmpty, object, oneOf } from "./limits.ts";
import { receivedId } from "./parts.ts";

const group = { recipient_type: "group", to: "Y2FwaV9ncm91cDoxMjM0NTY3ODkw" };

export const pin = defineOutbound("pin", {
  schema: z.looseObject({
    pin: object({
      type: oneOf(["pin", "unpin"]),
      message_id: nonEmpty,
      expiration_days: assumedRange(1, 30).optional(),
    }),
  }),
  examples: {
    default: { ...group, pin: { type: "pin", message_id: receivedId, expiration_days: 7 } },
    removed: { ...group, pin: { type: "unpin", message_id: receivedId } },
  },
  summary: ({ pin: { type, message_id: target, expiration_days: days } }) =>
    [type, target, days === undefined ? undefined : `for ${days} d`].filter(Boolean).join(" "),
});
