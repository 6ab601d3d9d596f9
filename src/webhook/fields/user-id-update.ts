/** `user_id_update`: a customer has another business-scoped user id. */
import * as z from "zod";

import { asItem, type Item, wordAt } from "../../json.ts";
import { CONTACTS, CUSTOMER } from "../shapes/envelope.ts";
import { lazily } from "../shapes/field.ts";
import { defineItems, identity, keyOf, nameIn } from "../shapes/items.ts";
import { line, maybe } from "../shapes/wording.ts";

const ids = lazily(() => z.looseObject({ previous: maybe, current: maybe }));
const detail = "The user id of a customer changed.";
const update = {
  wa_id: CUSTOMER,
  detail,
  user_id: { previous: "US.10000000000000000001", current: "US.10000000000000000002" },
  timestamp: "1785499200",
};

export const userIdUpdate = defineItems(
  "user_id_update",
  () => ({
    schema: z.looseObject({ user_id: ids(), parent_user_id: ids().nullish() }),
    examples: {
      default: update,
      parent: {
        ...update,
        user_id: { previous: "US.10000000000000000002", current: "US.10000000000000000003" },
        parent_user_id: { previous: "US.ENT.10000000000000000002", current: "US.ENT.10000000000000000003" },
      },
    },
    summary: ({ user_id, parent_user_id }) =>
      line(
        `${user_id.previous ?? "?"} is ${user_id.current ?? "?"} from now on`,
        parent_user_id ? `and ${parent_user_id.previous ?? "?"} is ${parent_user_id.current ?? "?"}` : undefined,
      ),
  }),
  "user_id_update",
  { source: "others", beside: { contacts: CONTACTS }, identify },
);

function identify(item: Item, value: Item) {
  const [from, at] = ["wa_id", "timestamp"].map((key) => wordAt(item, key));
  const [previous, current] = ["previous", "current"].map((key) => wordAt(asItem(item["user_id"]), key));
  return identity({
    from: from ?? current,
    at,
    name: nameIn(value, from, current),
    key: keyOf("user id", previous, current, at),
  });
}
