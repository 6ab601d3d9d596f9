/** A reply to an interactive message: a button, a list row, a flow, an address, a call permission, a payment method; or a product card. */
import * as z from "zod";

import { describeTime, quote, scalar } from "../parts.ts";
import { replyContext, defineInbound } from "./message.ts";

const choice = z.looseObject({ id: scalar, title: z.string() });
const form = z.looseObject({ name: z.string().nullish(), body: z.string().nullish(), response_json: z.unknown() });
const permission = z.looseObject({
  response: z.string(),
  expiration_timestamp: scalar.nullish(),
  is_permanent: z.boolean().nullish(),
  response_source: z.string().nullish(),
});
const method = z.looseObject({
  payment_method: z.string().nullish(),
  last_four_digits: scalar.nullish(),
  reference_id: scalar.nullish(),
});

const product = z.looseObject({
  body: z.looseObject({ text: z.string().nullish() }).nullish(),
  action: z.looseObject({ product_retailer_id: scalar.nullish() }).nullish(),
});

const reply = z
  .looseObject({
    type: z.string(),
    button_reply: choice.nullish(),
    list_reply: choice.nullish(),
    nfm_reply: form.nullish(),
    call_permission_reply: permission.nullish(),
    payment_method: method.nullish(),
  })
  .superRefine((given, context) => {
    const { type } = given;
    if (!Object.hasOwn(reply.shape, type) || given[type] != null) return;
    context.addIssue({ code: "custom", path: [type], message: "is missing", params: { reason: "missing" } });
  });

function formReply(name: string, body: string, response: object): object {
  const response_json = JSON.stringify(response);
  return { context: replyContext, interactive: { type: "nfm_reply", nfm_reply: { name, body, response_json } } };
}

function permissionReply(call_permission_reply: object): object {
  return { context: replyContext, interactive: { type: "call_permission_reply", call_permission_reply } };
}

export const interactive = defineInbound("interactive", {
  shape: { interactive: reply },
  examples: {
    "button-reply": {
      context: replyContext,
      interactive: { type: "button_reply", button_reply: { id: "change-booking", title: "Change" } },
    },
    "list-reply": {
      context: replyContext,
      interactive: {
        type: "list_reply",
        list_reply: { id: "express", title: "Express", description: "Next day · 9,50 €" },
      },
    },
    "list-reply-bare": {
      context: replyContext,
      interactive: { type: "list_reply", list_reply: { id: "pickup", title: "I come by" } },
    },
    "flow-reply": formReply("flow", "Sent", {
      visit: "2026-08-14",
      windows: 3,
      reachable: ["morning", "evening"],
      flow_token: "visit-4711",
    }),
    "flow-reply-no-token": formReply("flow", "Sent", { rating: 5 }),
    "address-reply": formReply("address_message", "Sheena\n4 Example Street, Sampletown", {
      values: {
        name: "Sheena",
        phone_number: "16505551234",
        address: "4 Example Street",
        city: "Sampletown",
        in_pin_code: "400063",
      },
    }),
    "address-reply-saved": formReply("address_message", "Sheena\n4 Example Street, Sampletown", {
      saved_address_id: "home-1",
    }),
    "call-permission": permissionReply({
      response: "accept",
      expiration_timestamp: 1_786_104_000,
      response_source: "user_action",
    }),
    "call-permission-permanent": permissionReply({
      response: "accept",
      is_permanent: true,
      response_source: "user_action",
    }),
    "call-permission-rejected": permissionReply({ response: "reject", response_source: "user_action" }),
    "call-permission-automatic": permissionReply({
      response: "accept",
      expiration_timestamp: 1_786_104_000,
      is_permanent: false,
      response_source: "automatic",
    }),
    "payment-method": {
      context: replyContext,
      interactive: {
        type: "payment_method",
        payment_method: {
          payment_method: "offsite_card_pay",
          payment_timestamp: 1_785_499_190,
          reference_id: "order-4711",
          last_four_digits: "4242",
          credential_id: "card-of-sheena",
        },
      },
    },
    // Assumed: the shape of a sent product, as in an echo or a forwarded card.
    product: {
      interactive: {
        type: "product",
        body: { text: "Oiled hinge, 40 mm" },
        action: { catalog_id: "194836987003835", product_retailer_id: "hinge-40" },
      },
    },
    "with-errors": {
      context: replyContext,
      errors: [{ code: 131051, title: "Message type unknown", message: "Message type unknown" }],
    },
  },
  summary: (message) => describe(message.interactive),
  implies: "reply",
});

function describe(given: z.output<typeof reply>): string {
  const { type, button_reply, list_reply, nfm_reply, call_permission_reply, payment_method } = given;
  const chosen = button_reply ?? list_reply;
  if (chosen != null) return `${type} ${quote(chosen.title)} (${chosen.id})`;
  if (nfm_reply != null) return `${nfm_reply.name ?? type} ${formOf(nfm_reply)}`.trimEnd();
  if (call_permission_reply != null) return `${type} ${permissionOf(call_permission_reply)}`;
  if (payment_method != null) return `${type} ${methodOf(payment_method)}`.trimEnd();
  return type === "product" ? productOf(given) : type;
}

function productOf(given: z.output<typeof reply>): string {
  const { body, action } = product.safeParse(given).data ?? {};
  const text = body?.text == null ? undefined : quote(body.text);
  return ["product", action?.product_retailer_id, text].filter(Boolean).join(" ");
}

/** The form data as JSON, without the flow token. */
function formOf({ response_json: response, body }: z.output<typeof form>): string {
  try {
    const given: unknown = typeof response === "string" ? JSON.parse(response) : response;
    const { flow_token: _, ...data } = given as Record<string, unknown>;
    const { values } = data;
    return JSON.stringify(typeof values === "object" && values !== null ? values : data);
  } catch {
    // Not JSON, or nested too deeply to serialize.
    return typeof response === "string" ? quote(response) : quote(body ?? "");
  }
}

function permissionOf({ response, expiration_timestamp, is_permanent, response_source }: z.output<typeof permission>) {
  const until = expiration_timestamp == null ? undefined : `until ${describeTime(expiration_timestamp)}`;
  const by = response_source === "automatic" ? "(automatic)" : undefined;
  return [response, is_permanent === true ? "permanently" : until, by].filter(Boolean).join(" ");
}

function methodOf({ payment_method, last_four_digits, reference_id }: z.output<typeof method>): string {
  const digits = last_four_digits == null ? undefined : `ending in ${last_four_digits}`;
  return [[payment_method, digits].filter(Boolean).join(" "), reference_id].filter(Boolean).join(" · ");
}
