/** `user_id_update`: the business-scoped user id of a customer changed. Client libraries read it, but apps cannot subscribe to it. */
import * as z from "zod";

import { asJsonObject, type JsonObject, stringAt } from "../../json.ts";
import { CUSTOMER, OLDER_CONTACTS } from "../shapes/examples.ts";
import { lazily } from "../shapes/field.ts";
import { identity, keyOf, profileName } from "../shapes/identity.ts";
import { defineListField } from "../shapes/list-field.ts";
import { joinParts, optional } from "../shapes/summary.ts";

const ids = lazily(() => z.looseObject({ previous: optional, current: optional }));
const detail = "The user id of a customer changed.";
const update = {
  wa_id: CUSTOMER,
  detail,
  user_id: { previous: "US.10000000000000000001", current: "US.10000000000000000002" },
  timestamp: "1785499200",
};

export const userIdUpdate = defineListField(
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
      joinParts(
        `${user_id.previous ?? "?"} → ${user_id.current ?? "?"}`,
        parent_user_id ? `parent ${parent_user_id.previous ?? "?"} → ${parent_user_id.current ?? "?"}` : undefined,
      ),
  }),
  "user_id_update",
  { source: "others", subscribable: false, otherKeys: { contacts: OLDER_CONTACTS }, identify },
);

function identify(item: JsonObject, value: JsonObject) {
  const [from, at] = ["wa_id", "timestamp"].map((key) => stringAt(item, key));
  const [previous, current] = ["previous", "current"].map((key) => stringAt(asJsonObject(item["user_id"]), key));
  return identity({
    from: from ?? current,
    at,
    name: profileName(value, from, current),
    key: keyOf("user id", previous, current, at),
  });
}
