/** `user_preferences`: a customer wants no more marketing messages, or wants them again. */
import * as z from "zod";

import { type Item, wordAt } from "../../json.ts";
import { word } from "../../messages/parts.ts";
import { CUSTOMER } from "../shapes/envelope.ts";
import { defineItems, identity, keyOf, nameIn } from "../shapes/items.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  resume: "marketing messages are welcome again",
  signup: "marketing messages are welcome",
  stop: "send no more marketing messages: they would fail with 131050",
};

const timestamp = 1_785_499_200;
const choice = { wa_id: CUSTOMER, category: "marketing_messages", timestamp };

export const userPreferences = defineItems(
  "user_preferences",
  () => ({
    schema: z.looseObject({ value: word, category: maybe, detail: maybe }),
    examples: {
      default: { ...choice, detail: "Asked to get no more marketing messages", value: "stop" },
      resume: { ...choice, detail: "Asked to get marketing messages again", value: "resume" },
      // Known from one client library.
      signup: { ...choice, detail: "Asked to get marketing messages", value: "signup" },
      "without-number": {
        user_id: "US.10000000000000000001",
        parent_user_id: "US.ENT.10000000000000000001",
        detail: "Asked to get no more marketing messages",
        category: "marketing_messages",
        value: "stop",
        timestamp,
      },
    },
    summary: ({ value, category }) =>
      line(value, category, category === "marketing_messages" ? meaningOf(MEANINGS, value) : undefined),
  }),
  "user_preferences",
  {
    beside: { contacts: [{ profile: { name: "Sheena" }, wa_id: CUSTOMER, user_id: "US.10000000000000000001" }] },
    identify,
  },
);

function identify(item: Item, value: Item) {
  const [number, userId, at, category, choice] = ["wa_id", "user_id", "timestamp", "category", "value"].map((key) =>
    wordAt(item, key),
  );
  const from = number ?? userId;
  return identity({ from, at, name: nameIn(value, from), key: keyOf("preference", from, category, choice, at) });
}
