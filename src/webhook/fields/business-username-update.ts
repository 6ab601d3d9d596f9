/** `business_username_update`: the username of a business number was approved, reserved or deleted. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  approved: "customers see it from now on",
  deleted: "the number has no username any more",
  reserved: "it is kept for this number, and not seen yet",
};

const phone = { display_phone_number: "15550783881" };

export const businessUsernameUpdate = defineField(
  "business_username_update",
  () => ({
    schema: z.looseObject({ display_phone_number: maybe, username: maybe, status: word }),
    examples: {
      default: { ...phone, username: "flowers.example", status: "approved" },
      reserved: { ...phone, username: "flowers.example", status: "reserved" },
      deleted: { ...phone, status: "deleted" },
    },
    summary: ({ status, username, display_phone_number }) =>
      line(status, username, display_phone_number, meaningOf(MEANINGS, status)),
  }),
  { aliases: ["business_username_updates"] },
);
