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
      { type: "HEADER", format: "IMAGE" },
      { type: "BODY", text: "Hello {{1}}, your order of {{2}} will arrive on {{3}}." },
      {
        type: "BUTTONS",
        buttons: [
          { type: "URL", text: "Where is it?", url: "https://example.com/{{1}}" },
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
    components: [{ type: "BODY", text: "Guten Tag {{customer}}, wir erwarten Sie um {{time}}." }],
  },
  {
    name: "appointment_reminder",
    language: "en_US",
    category: "UTILITY",
    components: [{ type: "BODY", text: "Hello {{1}}, we expect you at {{2}}." }],
  },
  {
    name: "login_code",
    language: "en_US",
    category: "AUTHENTICATION",
    components: [
      { type: "BODY", text: "{{1}} is your login code." },
      {
        type: "BUTTONS",
        buttons: [{ type: "URL", text: "Copy code", url: "https://www.whatsapp.com/otp/code/?code={{1}}" }],
      },
    ],
  },
  {
    name: "summer_bikes",
    language: "en_GB",
    category: "MARKETING",
    components: [
      { type: "BODY", text: "Summer bikes, {{1}} per cent off." },
      {
        type: "CAROUSEL",
        cards: [1, 2].map(() => ({
          components: [
            { type: "HEADER", format: "IMAGE" },
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
