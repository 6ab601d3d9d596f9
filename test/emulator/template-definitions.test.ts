/** Which definitions of templates the emulator refuses, as Meta documents, and which it accepts. */
import { describe, expect, test } from "vitest";

import { AT_ONCE, body, create, sendTemplate } from "./template-stage.ts";
import { startTestEmulator } from "./test-emulator.ts";

describe("a definition is refused", () => {
  const button = (fields: object) => ({ type: "BUTTONS", buttons: [fields] });
  const also = (...components: object[]) => ({ components: [body("Hello"), ...components] });
  const cases: [what: string, changes: object, subcode: number | undefined, words: string][] = [
    ["without a name", { name: undefined }, undefined, "The parameter name is required."],
    ["with null as its category", { category: null }, undefined, "The parameter category is required."],
    ["with a name in upper case", { name: "Thanks" }, undefined, "Param name"],
    [
      "with an unknown category",
      { category: "TRANSACTIONAL" },
      undefined,
      '{AUTHENTICATION, MARKETING, UTILITY} - got "TRANSACTIONAL"',
    ],
    ["with an unknown format", { parameter_format: "BOTH" }, undefined, "Param parameter_format"],
    ["with a malformed language", { language: "English" }, undefined, "Param language"],
    ["from the library", { library_template_name: "parcel" }, undefined, "Invalid parameter"],
    ["without a body", { components: [{ type: "FOOTER", text: "x" }] }, undefined, "one of type BODY"],
    ["with two bodies", also(body("Hello")), undefined, "at most one component of type BODY"],
    [
      "without an example",
      { components: [body("Dear {{1}}, hello.")] },
      2_388_043,
      "component of type BODY is missing expected field(s) (example)",
    ],
    ["with too few examples", { components: [body("Dear {{1}} and {{2}}, hello.", "Sheena")] }, 2_388_043, "BODY"],
    ["with a variable at the end", { components: [body("Hello {{1}}", "Sheena")] }, 2_388_299, "start or end"],
    [
      "with a gap in its numbers",
      { components: [body("Dear {{1}} and {{3}}, hello.", "a", "b")] },
      2_388_072,
      "{{1}}, {{3}}",
    ],
    [
      "with names without NAMED",
      { components: [body("Dear {{name}}, hello.", "a")] },
      2_388_072,
      "parameter_format is not NAMED",
    ],
    ["with a long body", { components: [body("x".repeat(1025))] }, 2_388_040, "1024"],
    ["with a long header", also({ type: "HEADER", format: "TEXT", text: "x".repeat(61) }), 2_388_040, "60"],
    [
      "with two variables in the header",
      also({ type: "HEADER", format: "TEXT", text: "{{1}} {{2}}", example: { header_text: ["a", "b"] } }),
      2_388_047,
      "one variable",
    ],
    ["with an image without an example", also({ type: "HEADER", format: "IMAGE" }), 2_388_043, "type HEADER"],
    ["with an unknown header", also({ type: "HEADER", format: "SMELL" }), undefined, 'got "SMELL"'],
    ["with a variable in the footer", also({ type: "FOOTER", text: "{{1}}" }), 2_388_073, "footer"],
    [
      "with eleven buttons",
      also({
        type: "BUTTONS",
        buttons: Array.from({ length: 11 }, (_, at) => ({ type: "QUICK_REPLY", text: `${at}` })),
      }),
      undefined,
      "at most 10",
    ],
    [
      "with two phone numbers",
      also({
        type: "BUTTONS",
        buttons: [1, 2].map(() => ({ type: "PHONE_NUMBER", text: "Call", phone_number: "+15550783881" })),
      }),
      undefined,
      "at most 1 button of type PHONE_NUMBER",
    ],
    ["with a long button", also(button({ type: "QUICK_REPLY", text: "x".repeat(26) })), 2_388_040, "25"],
    [
      "with a URL without an example",
      also(button({ type: "URL", text: "Open", url: "https://example.com/{{1}}" })),
      2_388_043,
      "type BUTTONS",
    ],
    [
      "with a code button outside authentication",
      also(button({ type: "OTP", otp_type: "COPY_CODE" })),
      undefined,
      "AUTHENTICATION",
    ],
    [
      "with a card without a header example",
      also({ type: "CAROUSEL", cards: [{ components: [{ type: "HEADER", format: "IMAGE" }] }] }),
      2_388_043,
      "type HEADER",
    ],
    [
      "with a long offer",
      also({ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "x".repeat(17) } }),
      2_388_040,
      "16",
    ],
  ];

  test.each(cases)("%s", async (_, changes, subcode, words) => {
    const { status, json } = await create(await startTestEmulator(AT_ONCE), changes);
    const { code, error_subcode, message, error_user_msg: user = message } = json.error;
    expect([status, code, error_subcode]).toEqual([400, 100, subcode]);
    expect(user).toContain(words);
  });
});

describe("a definition is accepted", () => {
  const header = (format: string) => ({ type: "HEADER", format, example: { header_handle: ["4::aW"] } });
  const buttons = [
    { type: "QUICK_REPLY", text: "Stop" },
    { type: "URL", text: "Open", url: "https://example.com/{{1}}", example: ["https://example.com/1"] },
    { type: "PHONE_NUMBER", text: "Call", phone_number: "+15550783881" },
    { type: "COPY_CODE", example: "WEEKEND20" },
    { type: "FLOW", text: "Book", flow_id: "123" },
    { type: "VOICE_CALL", text: "Call us" },
    { type: "UNHEARD_OF", text: "New" },
  ];
  const code = { type: "OTP", otp_type: "COPY_CODE", text: "Copy code" };
  const cases: [what: string, changes: object][] = [
    ["with every sort of button", { components: [body("Hello"), { type: "BUTTONS", buttons }] }],
    ...["IMAGE", "VIDEO", "DOCUMENT", "LOCATION"].map((format): [string, object] => [
      `with a header of the format ${format}`,
      { components: [header(format), body("Hello")] },
    ]),
    [
      "with a catalog button",
      { components: [body("Hello"), { type: "BUTTONS", buttons: [{ type: "CATALOG", text: "View" }] }] },
    ],
    [
      "with a carousel",
      {
        category: "MARKETING",
        components: [
          body("Hello"),
          {
            type: "CAROUSEL",
            cards: [1, 2].map(() => ({
              components: [header("IMAGE"), { type: "BUTTONS", buttons: buttons.slice(0, 1) }],
            })),
          },
        ],
      },
    ],
    [
      "with a limited-time offer",
      {
        category: "MARKETING",
        components: [
          body("Hello"),
          { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Today", has_expiration: true } },
        ],
      },
    ],
    [
      "with one example that is not in a list of its own",
      { components: [{ type: "BODY", text: "Dear {{1}}, hello.", example: { body_text: ["Sheena"] } }] },
    ],
    ["with a component that is new at Meta", { components: [body("Hello"), { type: "SOMETHING_NEW" }] }],
    [
      "for authentication, without texts of its own",
      {
        category: "AUTHENTICATION",
        components: [
          { type: "BODY", add_security_recommendation: true },
          { type: "FOOTER", code_expiration_minutes: 10 },
          { type: "BUTTONS", buttons: [code] },
        ],
      },
    ],
  ];

  test.each(cases)("%s", async (_, changes) => {
    const { json } = await create(await startTestEmulator(AT_ONCE), changes);
    expect(json).toMatchObject({ status: "PENDING" });
  });
});

describe("a malformed definition gets an error of Meta's and no internal one", () => {
  const odd: unknown[] = [null, 1, "x", {}, [], [null], [1], [{}], [{ type: 5 }]];
  const text = body("Hello");
  const inComponents = odd.flatMap((value) => [
    value,
    [{ type: "BODY", text: value }],
    [{ type: "BODY", text: "Dear {{1}}, hello.", example: value }],
    [{ type: "BODY", text: "Dear {{1}}, hello.", example: { body_text: value } }],
    [text, { type: "HEADER", format: value }],
    [text, { type: "HEADER", format: "TEXT", text: value }],
    [text, { type: "FOOTER", text: value }],
    [text, { type: "BUTTONS", buttons: value }],
    [text, { type: "BUTTONS", buttons: [{ type: "URL", text: "Open", url: value, example: value }] }],
    [text, { type: "CAROUSEL", cards: value }],
    [text, { type: "CAROUSEL", cards: [{ components: value }] }],
    [text, { type: "LIMITED_TIME_OFFER", limited_time_offer: value }],
  ]);

  test("in its components", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    for (const [at, components] of inComponents.entries()) {
      const { status, json } = await create(stage, { name: `odd_${at}`, components });
      expect([200, 400], JSON.stringify(components)).toContain(status);
      if (status === 200) expect((await sendTemplate(stage, `odd_${at}`, "en")).status).not.toBe(500);
      else expect(json.error.code).toBe(100);
    }
  });

  test.each(["name", "language", "category", "parameter_format", "message_send_ttl_seconds", "sub_category"])(
    "in its %s",
    async (key) => {
      const stage = await startTestEmulator(AT_ONCE);
      for (const value of odd) expect([200, 400]).toContain((await create(stage, { [key]: value })).status);
    },
  );
});
