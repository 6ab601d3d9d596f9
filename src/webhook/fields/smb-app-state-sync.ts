/** `smb_app_state_sync`: the contacts of the WhatsApp Business app, and changes to them. */
import * as z from "zod";

import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { scalar } from "../../messages/parts.ts";
import { CUSTOMER, USER_ID } from "../shapes/examples.ts";
import { identity, keyOf } from "../shapes/identity.ts";
import { defineListField } from "../shapes/list-field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = { add: "contact added or edited", remove: "contact removed" };

const CONTACT_KEYS = ["full_name", "first_name", "phone_number", "user_id", "username"];

const type = "contact";
const metadata = { timestamp: "1785499200" };
const person = { full_name: "Test Contact", first_name: "Test" };

export const smbAppStateSync = defineListField(
  "smb_app_state_sync",
  () => ({
    schema: z.looseObject({
      action: scalar,
      contact: z.looseObject({
        full_name: optional,
        first_name: optional,
        phone_number: optional,
        user_id: optional,
        username: optional,
      }),
    }),
    examples: {
      default: { type, contact: { ...person, phone_number: CUSTOMER, user_id: USER_ID }, action: "add", metadata },
      version: {
        type,
        contact: { ...person, phone_number: CUSTOMER, user_id: USER_ID },
        action: "add",
        metadata: { timestamp: "1785499201", version: 2 },
      },
      "without-number": {
        type,
        contact: { ...person, user_id: USER_ID, username: "test.contact" },
        action: "add",
        metadata,
      },
      several: [
        { type, contact: { ...person, phone_number: "16505550100" }, action: "add", metadata },
        { type, contact: { ...person, phone_number: "16505550101" }, action: "add", metadata },
        { type, contact: { phone_number: "16505550102" }, action: "remove", metadata },
      ],
      // Until 2026: no user ids.
      older: {
        type,
        contact: { ...person, phone_number: CUSTOMER },
        action: "add",
        metadata: { timestamp: "1785499202" },
      },
      removed: { type, contact: { phone_number: CUSTOMER, user_id: USER_ID }, action: "remove", metadata },
    },
    summary: ({ action, contact: { full_name, first_name, phone_number, user_id, username } }) =>
      joinParts(action, full_name ?? first_name ?? username, phone_number ?? user_id, lookUp(MEANINGS, action)),
  }),
  "state_sync",
  { identify },
);

/** Entries have no id, so the key combines action, time, version and the contact itself. */
function identify(item: JsonObject) {
  const [contact, when] = [asJsonObject(item["contact"]), asJsonObject(item["metadata"])];
  const [at, version] = ["timestamp", "version"].map((key) => stringAt(when, key));
  const contactParts = CONTACT_KEYS.map((key) => stringAt(contact, key) ?? "-");
  return identity({ at, key: keyOf("contact", stringAt(item, "action"), at, version ?? "-", contactParts) });
}
