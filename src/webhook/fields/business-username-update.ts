/** `business_username_update`: the username of a business number was approved, reserved or deleted. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  approved: "now visible to customers",
  deleted: "the number no longer has a username",
  reserved: "reserved for this number, not visible yet",
};

const phone = { display_phone_number: "15550783881" };

export const businessUsernameUpdate = defineField(
  "business_username_update",
  () => ({
    schema: z.looseObject({ display_phone_number: optional, username: optional, status: scalar }),
    examples: {
      default: { ...phone, username: "flowers.example", status: "approved" },
      reserved: { ...phone, username: "flowers.example", status: "reserved" },
      deleted: { ...phone, status: "deleted" },
    },
    summary: ({ status, username, display_phone_number }) =>
      joinParts(status, username, display_phone_number, lookUp(MEANINGS, status)),
  }),
  { aliases: ["business_username_updates"] },
);
