/** A change of a customer's phone number, identity or user id. Meta sends no `contacts` with it. */
import * as z from "zod";

import { quote, scalar } from "../parts.ts";
import { defineInbound } from "./message.ts";

const CHANGES = new Map([
  ["user_changed_number", "number changed"],
  ["customer_changed_number", "number changed"],
  ["customer_identity_changed", "identity changed, possibly a new phone"],
  ["user_changed_user_id", "user id changed"],
]);

export const system = defineInbound("system", {
  shape: {
    system: z.looseObject({
      body: z.string().nullish(),
      type: z.string().nullish(),
      wa_id: scalar.nullish(),
      new_wa_id: scalar.nullish(),
      user_id: scalar.nullish(),
      previous_user_id: scalar.nullish(),
    }),
  },
  examples: {
    "number-changed": {
      system: {
        body: "Sheena changed from 16505551234 to 16505559876",
        wa_id: "16505559876",
        type: "user_changed_number",
      },
    },
    "number-changed-older": {
      customer: { userId: false },
      system: {
        body: "Sheena changed from 16505551234 to 16505559876",
        new_wa_id: "16505559876",
        type: "customer_changed_number",
      },
    },
    "identity-changed": {
      identity: { acknowledged: false, created_timestamp: "1785499100", hash: "Qk9iT3v7Lw0=" },
      system: {
        body: "The security code of Sheena changed",
        wa_id: "16505551234",
        type: "customer_identity_changed",
      },
    },
    // The previous ids are named since August 2026.
    "user-id-changed": {
      system: {
        body: "Sheena changed from US.10020030040050060070 to US.10020030040050060099",
        wa_id: "16505551234",
        user_id: "US.10020030040050060099",
        parent_user_id: "US.ENT.90080070060050040099",
        previous_user_id: "US.10020030040050060070",
        previous_parent_user_id: "US.ENT.90080070060050040030",
        type: "user_changed_user_id",
      },
    },
    "user-id-changed-older": {
      system: {
        body: "Sheena changed from US.10020030040050060070 to US.10020030040050060099",
        wa_id: "16505551234",
        user_id: "US.10020030040050060099",
        parent_user_id: "US.ENT.90080070060050040030",
        type: "user_changed_user_id",
      },
    },
    "user-id-changed-without-number": {
      customer: { number: false },
      system: {
        body: "Sheena changed from US.10020030040050060070 to US.10020030040050060099",
        user_id: "US.10020030040050060099",
        previous_user_id: "US.10020030040050060070",
        type: "user_changed_user_id",
      },
    },
  },
  summary: ({ system: { body, type, wa_id, new_wa_id, user_id, previous_user_id } }) => {
    const change = CHANGES.get(type ?? "");
    const now = type === "user_changed_user_id" ? user_id : (new_wa_id ?? wa_id);
    const before = type === "user_changed_user_id" && previous_user_id != null ? ` from ${previous_user_id}` : "";
    if (change?.endsWith("changed") === true && now != null) return `${change}${before} to ${now}`;
    return [change ?? type ?? "changed", body ? quote(body) : undefined].filter(Boolean).join(": ");
  },
  implies: "identity",
});
