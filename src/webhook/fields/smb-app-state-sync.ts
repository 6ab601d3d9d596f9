/** `smb_app_state_sync`: the address book of the WhatsApp Business app, entry by entry. */
import * as z from "zod";

import { asItem, type Item, wordAt } from "../../json.ts";
import { word } from "../../messages/parts.ts";
import { CUSTOMER } from "../shapes/envelope.ts";
import { defineItems, identity, keyOf } from "../shapes/items.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = { add: "in the address book, new or edited", remove: "no longer in the address book" };

const NAMES = ["full_name", "first_name", "phone_number", "user_id", "username"];

const type = "contact";
const metadata = { timestamp: "1785499200" };
const person = { full_name: "Test Contact", first_name: "Test" };

export const smbAppStateSync = defineItems(
  "smb_app_state_sync",
  () => ({
    schema: z.looseObject({
      action: word,
      contact: z.looseObject({
        full_name: maybe,
        first_name: maybe,
        phone_number: maybe,
        user_id: maybe,
        username: maybe,
      }),
    }),
    examples: {
      default: { type, contact: { ...person, phone_number: CUSTOMER }, action: "add", metadata },
      version: {
        type,
        contact: { ...person, phone_number: CUSTOMER },
        action: "add",
        metadata: { timestamp: "1785499201", version: 2 },
      },
      "without-number": {
        type,
        contact: { ...person, user_id: "US.10000000000000000001", username: "test.contact" },
        action: "add",
        metadata,
      },
      several: [
        { type, contact: { ...person, phone_number: "16505550100" }, action: "add", metadata },
        { type, contact: { ...person, phone_number: "16505550101" }, action: "add", metadata },
        { type, contact: { phone_number: "16505550102" }, action: "remove", metadata },
      ],
      removed: { type, contact: { phone_number: CUSTOMER }, action: "remove", metadata },
    },
    summary: ({ action, contact: { full_name, first_name, phone_number, user_id, username } }) =>
      line(action, full_name ?? first_name ?? username, phone_number ?? user_id, meaningOf(MEANINGS, action)),
  }),
  "state_sync",
  { identify },
);

/** An entry has no id: who it is, what was done, how it reads now and when is one event. */
function identify(item: Item) {
  const [contact, when] = [asItem(item["contact"]), asItem(item["metadata"])];
  const [at, version] = ["timestamp", "version"].map((key) => wordAt(when, key));
  const names = NAMES.map((key) => wordAt(contact, key) ?? "-");
  return identity({ at, key: keyOf("contact", wordAt(item, "action"), at, version ?? "-", names) });
}
