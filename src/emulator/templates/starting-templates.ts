/** The templates of a new account. */
import type { Template } from "./template.ts";

type StartingTemplate = Pick<Template, "name" | "language" | "category" | "components"> & { parameter_format?: string };

export const STARTING_TEMPLATES: readonly StartingTemplate[] = [
  {
    name: "hello_world",
    language: "en_US",
    category: "UTILITY",
    components: [
      { type: "HEADER", format: "TEXT", text: "Hello World" },
      { type: "BODY", text: "This message shows that sending works." },
      { type: "FOOTER", text: "Sent by the emulator" },
    ],
  },
  {
    name: "order_shipped",
    language: "en",
    category: "UTILITY",
    components: [
      { type: "HEADER", format: "IMAGE", example: { header_handle: ["https://example.com/parcel.png"] } },
      {
        type: "BODY",
        text: "Hello {{1}}, your order of {{2}} will arrive on {{3}}.",
        example: { body_text: [["Sheena", "two books", "Friday"]] },
      },
      {
        type: "BUTTONS",
        buttons: [
          {
            type: "URL",
            text: "Where is it?",
            url: "https://example.com/{{1}}",
            example: ["https://example.com/4711"],
          },
          { type: "QUICK_REPLY", text: "No more news" },
        ],
      },
    ],
  },
  {
    name: "appointment_reminder",
    language: "de",
    category: "UTILITY",
    parameter_format: "NAMED",
    components: [
      {
        type: "BODY",
        text: "Guten Tag {{customer}}, wir erwarten Sie um {{time}}.",
        example: {
          body_text_named_params: [
            { param_name: "customer", example: "Sheena" },
            { param_name: "time", example: "10:30" },
          ],
        },
      },
    ],
  },
  {
    name: "appointment_reminder",
    language: "en_US",
    category: "UTILITY",
    components: [
      {
        type: "BODY",
        text: "Hello {{1}}, we expect you at {{2}}.",
        example: { body_text: [["Sheena", "10:30"]] },
      },
    ],
  },
  {
    name: "login_code",
    language: "en_US",
    category: "AUTHENTICATION",
    components: [
      { type: "BODY", text: "{{1}} is your login code.", example: { body_text: [["123456"]] } },
      {
        type: "BUTTONS",
        buttons: [
          { type: "URL", text: "Copy code", url: "https://www.whatsapp.com/otp/code/?code={{1}}", example: ["123456"] },
        ],
      },
    ],
  },
  {
    name: "summer_bikes",
    language: "en_GB",
    category: "MARKETING",
    components: [
      { type: "BODY", text: "Summer bikes, {{1}} per cent off.", example: { body_text: [["20"]] } },
      {
        type: "CAROUSEL",
        cards: [1, 2].map(() => ({
          components: [
            { type: "HEADER", format: "IMAGE", example: { header_handle: ["https://example.com/bike.png"] } },
            { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "This one" }] },
          ],
        })),
      },
    ],
  },
  {
    name: "weekend_discount",
    language: "en_US",
    category: "MARKETING",
    components: [
      { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "This weekend only", has_expiration: true } },
      { type: "BODY", text: "Everything is cheaper until Sunday." },
      { type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "WEEKEND20" }] },
    ],
  },
];
