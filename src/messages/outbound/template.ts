/** A message from an approved template: the only type allowed outside the 24-hour customer service window. */
import * as z from "zod";

import { formatValue } from "../kind.ts";
import { ttlMinutes } from "./interactive/voice-call.ts";
import { defineOutbound } from "./kind.ts";
import {
  addProblem,
  byType,
  checkUnique,
  httpUrl,
  id,
  list,
  nonEmpty,
  object,
  oneOf,
  text,
  validate,
} from "./limits.ts";
import { locationObject } from "./location.ts";
import { filename, media } from "./parts.ts";

/** Meta answers 132001 for a language that the template does not have, whatever its form. */
const code = nonEmpty.superRefine((value, context) => {
  if (/^[a-z]{2,3}(_[a-z]{2,4})*$/i.test(value)) return;
  const message = `must be a language code such as en or en_US, not ${formatValue(value)}`;
  addProblem(context, message, { reason: "unknown-value" });
});

/** The zero-based index of a button, as a number or a string. */
const index = z.union([z.int(), z.string()]).superRefine((value, context) => {
  if (/^\d$/.test(String(value))) return;
  addProblem(context, `must be a button index from 0 to 9, not ${formatValue(value)}`);
});

const scalar = z.union([z.number(), z.string()]);
const parameter_name = nonEmpty.optional();
const amount = object({ fallback_value: nonEmpty, code: nonEmpty, amount_1000: z.int() });

/** Meta shows the fallback value; the other parts are in its examples. */
const dateTime = object({
  fallback_value: nonEmpty,
  day_of_week: scalar.optional(),
  year: scalar.optional(),
  month: scalar.optional(),
  day_of_month: scalar.optional(),
  hour: scalar.optional(),
  minute: scalar.optional(),
  calendar: z.string().optional(),
});

const textParameters = {
  text: { text: nonEmpty, parameter_name },
  currency: { currency: amount, parameter_name },
  date_time: { date_time: dateTime, parameter_name },
};

const headerParameters = {
  ...textParameters,
  image: { image: media({}), parameter_name },
  video: { video: media({}), parameter_name },
  document: { document: media({ filename }), parameter_name },
  location: { location: locationObject },
  product: { product: object({ catalog_id: id(), product_retailer_id: id() }) },
};

const buttonParameter = byType({
  // Meta's OpenAPI document has `true` and `false` for quick replies.
  text: { text: z.union([nonEmpty, z.number(), z.boolean()]) },
  payload: { payload: nonEmpty },
  coupon_code: { coupon_code: nonEmpty },
  // The content depends on the button: a flow token, a product thumbnail, an order.
  action: { action: z.looseObject({}) },
  ttl_minutes: { ttl_minutes: ttlMinutes },
});

const BUTTONS = [
  "quick_reply",
  "url",
  "copy_code",
  "flow",
  "catalog",
  "mpm",
  "order_details",
  "voice_call",
  "phone_number",
  "otp",
];

const textParameter = byType(textParameters, Object.keys(headerParameters));

const shared = {
  header: { parameters: z.array(byType(headerParameters)).optional() },
  body: { parameters: z.array(textParameter).optional() },
  button: { sub_type: oneOf(BUTTONS), index: index.optional(), parameters: z.array(buttonParameter).optional() },
};

/** A component by its `type`; every button but the one for calls needs its index. */
function componentOf(shapes: Readonly<Record<string, z.ZodRawShape>>): z.ZodType<Record<string, unknown>> {
  return byType(shapes).superRefine(({ type, sub_type, index: at }, context) => {
    if (type.toLowerCase() !== "button" || at !== undefined || String(sub_type).toLowerCase() === "voice_call") return;
    addProblem(context, "is missing", { at: ["index"], reason: "missing" });
  });
}

const card = object({ card_index: z.int(), components: z.array(componentOf(shared)) });

const cards = list(card, { max: 10, noun: "card" }).superRefine((all, context) => {
  const found = all.map(({ card_index: value }, at) => ({ value, at: [at, "card_index"] }));
  checkUnique(context, found, "each card");
});

const tapTarget = object({ title: nonEmpty, url: httpUrl });
/** A list in Meta's examples; a single object was documented before. */
const tapTargets = z.unknown().superRefine((value, context) => {
  validate(context, Array.isArray(value) ? z.array(tapTarget) : tapTarget, value);
});

/** A component whose only parameter has its name. */
function single(name: string, value: z.ZodType): z.ZodRawShape {
  return { parameters: z.array(byType({ [name]: { [name]: value } })) };
}

const component = componentOf({
  ...shared,
  carousel: { cards },
  limited_time_offer: single("limited_time_offer", object({ expiration_time_ms: scalar })),
  order_status: single("order_status", z.looseObject({})),
  tap_target_configuration: single("tap_target_configuration", tapTargets),
});

export const template = defineOutbound("template", {
  schema: z.looseObject({
    template: object({
      name: text(512),
      language: object({ code, policy: oneOf(["deterministic"]).optional() }),
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
