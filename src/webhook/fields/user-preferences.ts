/** `user_preferences`: a customer opted out of marketing messages, or opted in again. */
import * as z from "zod";

import { type JsonObject, stringAt } from "../../json.ts";
import { scalar } from "../../messages/parts.ts";
import { CONTACTS, CUSTOMER, PARENT_USER_ID, USER_ID } from "../shapes/examples.ts";
import { identity, keyOf, profileName } from "../shapes/identity.ts";
import { defineListField } from "../shapes/list-field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  resume: "opted in to marketing messages again",
  signup: "opted in to marketing messages",
  stop: "opted out of marketing messages",
};

const FIXES = { stop: "stop sending marketing messages to this person; they would fail with 131050" };

const timestamp = 1_785_499_200;
const choice = { wa_id: CUSTOMER, user_id: USER_ID, category: "marketing_messages", timestamp };

export const userPreferences = defineListField(
  "user_preferences",
  () => ({
    schema: z.looseObject({ value: scalar, category: optional, detail: optional }),
    examples: {
      default: { ...choice, detail: "Opted out of marketing messages", value: "stop" },
      resume: { ...choice, detail: "Opted in to marketing messages again", value: "resume" },
      // Known from one client library.
      signup: { ...choice, detail: "Opted in to marketing messages", value: "signup" },
      "without-number": {
        user_id: USER_ID,
        parent_user_id: PARENT_USER_ID,
        detail: "Opted out of marketing messages",
        category: "marketing_messages",
        value: "stop",
        timestamp,
      },
    },
    summary: ({ value, category }) =>
      joinParts(value, category, category === "marketing_messages" ? lookUp(MEANINGS, value) : undefined),
    fix: ({ value, category }) => (category === "marketing_messages" ? lookUp(FIXES, value) : undefined),
  }),
  "user_preferences",
  {
    otherKeys: { contacts: CONTACTS },
    identify,
  },
);

function identify(item: JsonObject, value: JsonObject) {
  const [number, userId, at, category, choice] = ["wa_id", "user_id", "timestamp", "category", "value"].map((key) =>
    stringAt(item, key),
  );
  const from = number ?? userId;
  return identity({ from, at, name: profileName(value, from), key: keyOf("preference", from, category, choice, at) });
}
