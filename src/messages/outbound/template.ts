/** A message from an approved template: the only type allowed outside the 24-hour customer service window. */
import * as z from "zod";

import { defineKind, formatValue } from "../kind.ts";
import { byType, nonEmpty, httpUrl, list, addProblem, checkUnique, text } from "./limits.ts";
import { locationObject } from "./location.ts";
import { media } from "./parts.ts";

const code = z.string().superRefine((value, context) => {
  if (/^[a-z]{2,3}(_[A-Za-z]{2,4})*$/.test(value)) return;
  addProblem(context, `must be a language code such as en or en_US, not ${formatValue(value)}`);
});

/** The zero-based index of a button, as a number or a string. */
const index = z.union([z.int(), z.string()]).superRefine((value, context) => {
  if (/^\d$/.test(String(value))) return;
  addProblem(context, `must be a button index from 0 to 9, not ${formatValue(value)}`);
});

const parameter_name = nonEmpty.optional();
const amount = z.strictObject({ fallback_value: nonEmpty, code: nonEmpty, amount_1000: z.int() });

const textParameters = {
  text: { text: nonEmpty, parameter_name },
  currency: { currency: amount, parameter_name },
  date_time: { date_time: z.strictObject({ fallback_value: nonEmpty }), parameter_name },
};

const headerParameter = byType({
  ...textParameters,
  image: { image: media({}), parameter_name },
  video: { video: media({}), parameter_name },
  document: { document: media({ filename: nonEmpty.optional() }), parameter_name },
  location: { location: locationObject },
  product: { product: z.strictObject({ catalog_id: nonEmpty, product_retailer_id: nonEmpty }) },
});

const buttonParameter = byType({
  text: { text: nonEmpty },
  payload: { payload: nonEmpty },
  coupon_code: { coupon_code: nonEmpty },
  // The content depends on the button: a flow token, a product thumbnail, an order.
  action: { action: z.looseObject({}) },
});

const offer = z.strictObject({ expiration_time_ms: z.int() });

const shared = {
  header: { parameters: z.array(headerParameter) },
  body: { parameters: z.array(byType(textParameters)) },
  button: {
    sub_type: z.enum([
      "quick_reply",
      "url",
      "copy_code",
      "flow",
      "catalog",
      "mpm",
      "order_details",
      "voice_call",
      "phone_number",
    ]),
    index,
    parameters: z.array(buttonParameter).optional(),
  },
};

const card = z.strictObject({ card_index: z.int(), components: z.array(byType(shared)) });

const cards = list(card, { max: 10, noun: "card" }).superRefine((all, context) => {
  const found = all.map(({ card_index: value }, at) => ({ value, at: [at, "card_index"] }));
  checkUnique(context, found, "each card");
});

const component = byType({
  ...shared,
  carousel: { cards },
  limited_time_offer: { parameters: z.array(byType({ limited_time_offer: { limited_time_offer: offer } })) },
  order_status: { parameters: z.array(byType({ order_status: { order_status: z.looseObject({}) } })) },
  tap_target_configuration: {
    parameters: z.array(
      byType({
        tap_target_configuration: { tap_target_configuration: z.strictObject({ title: nonEmpty, url: httpUrl }) },
      }),
    ),
  },
});

export const template = defineKind("template", {
  schema: z.looseObject({
    template: z.strictObject({
      name: text(512),
      language: z.strictObject({ code, policy: z.literal("deterministic").optional() }),
      components: z.array(component).optional(),
    }),
  }),
  examples: {
    default: { template: { name: "hello_world", language: { code: "en_US" } } },
    parameters: {
      template: {
        name: "order_shipped",
        language: { code: "en", policy: "deterministic" },
        components: [
          { type: "header", parameters: [{ type: "image", image: { id: "1003383421387256" } }] },
          {
            type: "body",
            parameters: [
              { type: "text", text: "Sheena" },
              { type: "currency", currency: { fallback_value: "12.50 €", code: "EUR", amount_1000: 12_500 } },
              { type: "date_time", date_time: { fallback_value: "1 August" } },
            ],
          },
          { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "parcels/4711" }] },
          { type: "button", sub_type: "quick_reply", index: 1, parameters: [{ type: "payload", payload: "stop" }] },
        ],
      },
    },
    named: {
      template: {
        name: "appointment_reminder",
        language: { code: "de" },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", parameter_name: "customer", text: "Sheena" },
              { type: "text", parameter_name: "time", text: "10:30" },
            ],
          },
        ],
      },
    },
    code: {
      template: {
        name: "login_code",
        language: { code: "en_US" },
        components: [
          { type: "body", parameters: [{ type: "text", text: "123456" }] },
          { type: "button", sub_type: "url", index: 0, parameters: [{ type: "text", text: "123456" }] },
        ],
      },
    },
    carousel: {
      template: {
        name: "summer_bikes",
        language: { code: "en_GB" },
        components: [
          { type: "body", parameters: [{ type: "text", text: "20" }] },
          {
            type: "carousel",
            cards: ["city", "trekking"].map((bike, card_index) => ({
              card_index,
              components: [
                { type: "header", parameters: [{ type: "image", image: { link: `https://example.com/${bike}.png` } }] },
                { type: "button", sub_type: "quick_reply", index: 0, parameters: [{ type: "payload", payload: bike }] },
              ],
            })),
          },
        ],
      },
    },
    offer: {
      template: {
        name: "weekend_discount",
        language: { code: "en_US" },
        components: [
          {
            type: "limited_time_offer",
            parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_785_585_600_000 } }],
          },
          {
            type: "button",
            sub_type: "copy_code",
            index: 0,
            parameters: [{ type: "coupon_code", coupon_code: "WEEKEND20" }],
          },
        ],
      },
    },
  },
  summary: ({ template: { name, language } }) => `${name} (${language.code})`,
});
