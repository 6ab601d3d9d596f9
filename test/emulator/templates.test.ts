/** The templates of the emulated account: creation, review, edits, deletion, webhooks, and the checks when one is sent. */
import { describe, expect, test } from "vitest";

import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { readBody } from "../../src/webhook/payload.ts";
import { anApp, QUIET, startTestEmulator, valueOf, type App, type Emulated } from "./test-emulator.ts";

const AT_ONCE: EmulatorOptions = { ...QUIET, templates: { decision: "approve", afterMs: 0 } };
const MANUAL: EmulatorOptions = { ...QUIET, templates: { decision: "manual" } };
const DAY = 86_400_000;

const body = (text: string, ...examples: string[]) => ({
  type: "BODY",
  text,
  ...(examples.length === 0 ? {} : { example: { body_text: [examples] } }),
});

/** A definition that Meta accepts. */
const thanks = {
  name: "thanks",
  language: "en",
  category: "UTILITY",
  components: [body("Thank you, {{1}}, for your order.", "Sheena")],
};

const edge = ({ emulator }: Emulated) => `/v25.0/${emulator.account.businessAccountId}/message_templates`;
const create = (stage: Emulated, changes: object = {}) => stage.ask(edge(stage), { json: { ...thanks, ...changes } });
const sendTemplate = (stage: Emulated, name: string, code: string, components?: object[]) =>
  stage.send({ type: "template", text: undefined, template: { name, language: { code }, components } });
const bodyParameters = (...texts: string[]) => ({
  type: "body",
  parameters: texts.map((text) => ({ type: "text", text })),
});
const statusOf = async (stage: Emulated, id: string) => (await stage.ask(`/${id}?fields=status`)).json.status as string;

const FIELDS = [
  "message_template_status_update",
  "message_template_quality_update",
  "message_template_components_update",
  "template_category_update",
];

/** An emulator with an app that subscribes to all fields about templates. */
async function subscribed(options: EmulatorOptions): Promise<Emulated & { app: App }> {
  const stage = await startTestEmulator(options);
  const { account, tokens } = stage.emulator;
  const app = await anApp();
  const json = {
    object: "whatsapp_business_account",
    callback_url: app.url,
    verify_token: app.verifyToken,
    fields: FIELDS.join(","),
  };
  await stage.ask(`/${account.appId}/subscriptions`, { token: tokens.app, json });
  return { ...stage, app };
}

/** The received changes: field and value. */
const received = ({ bodies }: App) =>
  // oxlint-disable-next-line typescript/no-explicit-any
  bodies.map((each): [string, any] => [JSON.parse(each).entry[0].changes[0].field, valueOf(each)]);

describe("a new template", () => {
  test("is pending, cannot be sent, and is approved a second later", async () => {
    const stage = await startTestEmulator();
    const { json } = await create(stage);
    expect(json).toEqual({ id: expect.stringMatching(/^\d{15}$/), status: "PENDING", category: "UTILITY" });
    const early = await sendTemplate(stage, "thanks", "en", [bodyParameters("Sheena")]);
    expect(early.json.error).toMatchObject({
      code: 132001,
      error_data: { details: expect.stringContaining("PENDING") },
    });
    stage.emulator.advance(1000);
    expect(await statusOf(stage, json.id)).toBe("APPROVED");
    expect((await sendTemplate(stage, "thanks", "en", [bodyParameters("Sheena")])).status).toBe(200);
  });

  test("is approved in real time, too, and the app gets the webhook", async () => {
    const { app, ...stage } = await subscribed({ ...QUIET, templates: { decision: "approve", afterMs: 20 } });
    const { json } = await create(stage);
    expect(await stage.next("webhook")).toMatchObject({ kind: "message_template_status_update", status: 200 });
    expect(received(app)).toEqual([
      [
        "message_template_status_update",
        {
          event: "APPROVED",
          message_template_id: Number(json.id),
          message_template_name: "thanks",
          message_template_language: "en",
          reason: "NONE",
          message_template_category: "UTILITY",
        },
      ],
    ]);
  });

  test("can be rejected, with the reason in its fields and in the webhook", async () => {
    const { app, ...stage } = await subscribed({ ...QUIET, templates: { decision: "reject", afterMs: 0 } });
    const { json } = await create(stage);
    expect(json.status).toBe("PENDING");
    await stage.emulator.settled();
    expect((await stage.ask(`/${json.id}?fields=status,rejected_reason`)).json).toEqual({
      status: "REJECTED",
      rejected_reason: "INVALID_FORMAT",
      id: json.id,
    });
    expect(received(app)[0]?.[1]).toMatchObject({
      event: "REJECTED",
      reason: "INVALID_FORMAT",
      rejection_info: { reason: expect.any(String), recommendation: expect.any(String) },
    });
  });

  test("waits for a decision by hand", async () => {
    const stage = await startTestEmulator(MANUAL);
    const { id } = (await create(stage)).json;
    stage.emulator.advance(30 * DAY);
    expect(await statusOf(stage, id)).toBe("PENDING");
    stage.emulator.changeTemplate("thanks", { status: "APPROVED" });
    expect(await statusOf(stage, id)).toBe("APPROVED");
  });

  test("can have its category, its types and its format in any case", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    const components = [
      { type: "header", format: "text", text: "Thanks" },
      {
        type: "body",
        text: "Thank you, {{name}}, for it.",
        example: { body_text_named_params: [{ param_name: "name", example: "Sheena" }] },
      },
      { type: "buttons", buttons: [{ type: "quick_reply", text: "Stop" }] },
    ];
    const { json } = await create(stage, {
      category: "marketing",
      parameter_format: "named",
      components,
      allow_category_change: true,
    });
    expect(json.category).toBe("MARKETING");
    const shown = await stage.ask(`/${json.id}`);
    expect(shown.json).toMatchObject({
      parameter_format: "NAMED",
      components: [{ type: "HEADER", format: "TEXT" }, { type: "BODY" }, { buttons: [{ type: "QUICK_REPLY" }] }],
    });
  });

  test("can be a form, with its components as JSON text", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    const form = new URLSearchParams({ ...thanks, components: JSON.stringify(thanks.components) });
    expect((await stage.ask(edge(stage), { body: form })).json).toMatchObject({ status: "PENDING" });
  });

  test("that exists in the language is refused as Meta refuses it", async () => {
    const stage = await startTestEmulator();
    await create(stage, { language: "en_US" });
    const { status, json } = await create(stage, { language: "en_US" });
    expect(status).toBe(400);
    expect(json.error).toEqual({
      message: "Invalid parameter",
      type: "OAuthException",
      code: 100,
      error_subcode: 2_388_024,
      is_transient: false,
      error_user_title: "Content in This Language Already Exists",
      error_user_msg:
        "There is already English (US) content for this template. You can create a new template and try again.",
      fbtrace_id: expect.any(String),
    });
    expect((await create(stage, { language: "de" })).status).toBe(200);
  });
});

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

describe("reading templates", () => {
  test("the list is paginated in both directions", async () => {
    const stage = await startTestEmulator();
    const pages: string[][] = [];
    let last = "";
    for (let path: string | undefined = `${edge(stage)}?limit=3&fields=name`; path !== undefined;) {
      const { json } = await stage.ask(path);
      pages.push((json.data as { name: string }[]).map(({ name }) => name));
      last = json.paging.previous ?? last;
      path = (json.paging.next as string | undefined)?.replace(stage.emulator.url, "");
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages[0]?.[0]).toBe("hello_world");
    const { json } = await stage.ask(last.replace(stage.emulator.url, ""));
    expect((json.data as { name: string }[]).map(({ name }) => name)).toEqual(pages[1]);
  });

  test("the list can be filtered, in any case", async () => {
    const stage = await startTestEmulator(MANUAL);
    await create(stage);
    const names = async (query: string) =>
      ((await stage.ask(`${edge(stage)}?fields=name&${query}`)).json.data as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names("status=pending")).toEqual(["thanks"]);
    expect(await names("category=authentication")).toEqual(["login_code"]);
    expect(await names("language=EN_us&name=appointment")).toEqual(["appointment_reminder"]);
    expect(await names("content=per cent")).toEqual(["summer_bikes"]);
    expect(await names("name_or_content=for your order")).toEqual(["thanks"]);
    expect(await names("name=nothing")).toEqual([]);
  });

  test("every documented field is answered or left out, and an unknown one is refused in Meta's words", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    const extras = { message_send_ttl_seconds: "600", cta_url_link_tracking_opted_out: true, sub_category: "custom" };
    const { id } = (await create(stage, extras)).json;
    const fields = [
      "name,status,category,previous_category,sub_category,correct_category,language,components,quality_score",
      "rejected_reason,cta_url_link_tracking_opted_out,degrees_of_freedom_spec,message_send_ttl_seconds",
      "parameter_format,library_template_name,health_status",
    ].join(",");
    expect((await stage.ask(`/${id}?fields=${fields}`)).json).toEqual({
      ...thanks,
      id,
      status: "APPROVED",
      sub_category: "CUSTOM",
      quality_score: { score: "UNKNOWN" },
      rejected_reason: "NONE",
      cta_url_link_tracking_opted_out: true,
      message_send_ttl_seconds: 600,
      parameter_format: "POSITIONAL",
      health_status: { can_send_message: "AVAILABLE", entities: expect.any(Array) },
    });
    const refused = await stage.ask(`/${id}?fields=name,colour`);
    expect(refused.json.error.message).toBe(
      "(#100) Tried accessing nonexisting field (colour) on node type (WhatsAppMessageTemplate)",
    );
    expect((await stage.ask(`/${id}`, { token: stage.emulator.tokens.otherBusiness })).json.error.error_subcode).toBe(
      33,
    );
  });
});

describe("an edit", () => {
  const edited = { components: [body("Many thanks, {{1}}, for your order.", "Sheena")] };

  test("replaces the components, is reviewed, and is announced when it is approved", async () => {
    const { app, ...stage } = await subscribed(AT_ONCE);
    const { id } = (await create(stage)).json;
    await stage.emulator.settled();
    app.bodies.length = 0;
    expect((await stage.ask(`/${id}`, { json: edited })).json).toEqual({ success: true });
    await stage.emulator.settled();
    expect((await stage.ask(`/${id}`)).json).toMatchObject({ ...edited, status: "APPROVED" });
    expect(
      received(app)
        .map(([field]) => field)
        .toSorted(),
    ).toEqual([FIELDS[2], FIELDS[0]]);
    expect(received(app).find(([field]) => field === FIELDS[2])?.[1]).toMatchObject({
      message_template_element: "Many thanks, {{1}}, for your order.",
    });
  });

  test("is possible once a day and ten times in 30 days while the template is approved, and any time after a rejection", async () => {
    const stage = await startTestEmulator({ ...AT_ONCE, limits: {} });
    const { id } = (await create(stage)).json;
    const edit = async () => (await stage.ask(`/${id}`, { json: edited })).json;
    expect(await edit()).toEqual({ success: true });
    expect((await edit()).error).toMatchObject({
      error_subcode: 2_388_039,
      error_user_msg: expect.stringContaining("24 hours"),
    });
    stage.emulator.changeTemplate("thanks", { status: "REJECTED" });
    expect(await edit()).toEqual({ success: true });
    for (let edits = 1; edits < 10; edits++) {
      stage.emulator.advance(DAY);
      expect(await edit()).toEqual({ success: true });
    }
    stage.emulator.advance(DAY);
    expect((await edit()).error.error_user_msg).toContain("30 days");
    stage.emulator.advance(20 * DAY);
    expect(await edit()).toEqual({ success: true });
  });

  test.each(["PENDING", "DISABLED", "IN_APPEAL"] as const)("of a template that is %s is refused", async (status) => {
    const stage = await startTestEmulator(MANUAL);
    const { id } = (await create(stage)).json;
    stage.emulator.changeTemplate("thanks", { status });
    expect((await stage.ask(`/${id}`, { json: edited })).json.error).toMatchObject({
      code: 100,
      error_subcode: 2_388_039,
    });
  });

  test("can change the category only while the template is not approved", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    const { id } = (await create(stage)).json;
    const change = () => stage.ask(`/${id}`, { json: { category: "marketing" } });
    expect((await change()).json.error.error_user_msg).toContain("category");
    stage.emulator.changeTemplate("thanks", { status: "PAUSED" });
    expect((await change()).json).toEqual({ success: true });
    expect((await stage.ask(`/${id}?fields=category,status`)).json).toEqual({
      category: "MARKETING",
      status: "APPROVED",
      id,
    });
  });

  test("is checked like a new template", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    const { id } = (await create(stage)).json;
    const { json } = await stage.ask(`/${id}`, { json: { components: [body("Dear {{1}}, hello.")] } });
    expect(json.error.error_subcode).toBe(2_388_043);
  });
});

describe("a deletion", () => {
  const remove = (stage: Emulated, query: string) => stage.ask(`${edge(stage)}?${query}`, { method: "DELETE" });

  test("by name deletes every language, and announces each", async () => {
    const { app, ...stage } = await subscribed(AT_ONCE);
    expect((await remove(stage, "name=appointment_reminder")).json).toEqual({ success: true });
    await stage.emulator.settled();
    expect(received(app).map(([, value]) => [value.event, value.message_template_language])).toEqual([
      ["DELETED", "de"],
      ["DELETED", "en_US"],
    ]);
    expect((await remove(stage, "name=appointment_reminder")).json.error).toMatchObject({
      code: 100,
      error_subcode: 2_593_002,
      error_user_title: "Message Template Not Found",
    });
  });

  test("by id and name deletes one language", async () => {
    const stage = await startTestEmulator();
    const { data } = (await stage.ask(`${edge(stage)}?name=appointment_reminder`)).json;
    expect((await remove(stage, `hsm_id=${data[0].id}&name=hello_world`)).json.error.error_subcode).toBe(2_593_002);
    expect((await remove(stage, `hsm_id=${data[0].id}`)).json.error.message).toContain("name is required");
    expect((await remove(stage, `hsm_id=${data[0].id}&name=appointment_reminder`)).json).toEqual({ success: true });
    const left = (await stage.ask(`${edge(stage)}?name=appointment_reminder`)).json.data as { id: string }[];
    expect(left.map(({ id }) => id)).toEqual([data[1].id]);
  });

  test("by ids deletes all of up to 100, or none", async () => {
    const stage = await startTestEmulator();
    const { data } = (await stage.ask(edge(stage))).json;
    const ids = (data as { id: string }[]).slice(0, 3).map(({ id }) => id);
    const total = async () => (await stage.ask(edge(stage))).json.data.length as number;
    expect((await remove(stage, `hsm_ids=[${ids.join(",")},999999999999999]`)).json.error.error_subcode).toBe(
      2_593_002,
    );
    expect((await remove(stage, `hsm_ids=[${ids.join(",")}]&name=hello_world`)).status).toBe(400);
    const many = Array.from({ length: 101 }, (_, at) => 100_000_000_000_000 + at);
    expect((await remove(stage, `hsm_ids=[${many.join(",")}]`)).json.error.message).toContain("at most 100");
    expect(await total()).toBe(7);
    expect((await remove(stage, `hsm_ids=[${ids.join(",")}]`)).json).toEqual({ success: true });
    expect(await total()).toBe(4);
  });

  test("of an approved template blocks its name for 30 days, of another one not", async () => {
    const stage = await startTestEmulator(MANUAL);
    await create(stage);
    await remove(stage, "name=thanks");
    expect((await create(stage)).status).toBe(200);
    stage.emulator.changeTemplate("thanks", { status: "APPROVED" });
    await remove(stage, "name=thanks");
    expect((await create(stage)).json.error).toMatchObject({
      error_subcode: 2_388_023,
      error_user_msg: expect.stringContaining("Try again in 30 days"),
    });
    stage.emulator.advance(30 * DAY);
    expect((await create(stage)).status).toBe(200);
  });

  test("ends the review, and a disabled template cannot be deleted", async () => {
    const { app, ...stage } = await subscribed(QUIET);
    await create(stage);
    await remove(stage, "name=thanks");
    stage.emulator.advance(1000);
    await stage.emulator.settled();
    expect(received(app).map(([, value]) => value.event)).toEqual(["DELETED"]);
    stage.emulator.changeTemplate("hello_world", { status: "DISABLED" });
    expect((await remove(stage, "name=hello_world")).json.error.error_user_msg).toContain("can't be deleted");
  });
});

describe("limits", () => {
  test("100 templates can be created in an hour, and 250 names exist at a time", async () => {
    const stage = await startTestEmulator({ ...AT_ONCE, limits: {} });
    const make = async (at: number) => (await create(stage, { name: `thanks_${at}` })).json;
    for (let made = 0; made < 100; made++) expect(await make(made)).toHaveProperty("id");
    expect((await make(100)).error.code).toBe(80007);
    // Six of the 250 are there from the start.
    for (let made = 100; made < 244; made++) {
      if (made % 100 === 0) stage.emulator.advance(3_600_000);
      expect(await make(made)).toHaveProperty("id");
    }
    expect((await make(244)).error.error_subcode).toBe(2_388_019);
    expect((await create(stage, { name: "thanks_0", language: "de" })).status).toBe(200);
  });
});

describe("a decision by hand", () => {
  const post = (json: object) => ({ json, token: null });

  test("through /_wa-hook/templates changes status, quality and category, and announces each once", async () => {
    const { app, ...stage } = await subscribed(MANUAL);
    const decide = async (json: object) => (await stage.ask("/_wa-hook/templates", post(json))).json;
    const name = "appointment_reminder";
    expect(await decide({ name, language: "EN_US", quality: "red" })).toEqual({ success: true });
    await decide({ name, language: "en_US", quality: "RED" });
    await decide({ name, language: "en_US", category: "marketing" });
    await decide({ name, language: "en_US", status: "PAUSED" });
    await stage.emulator.settled();
    expect(await sendTemplate(stage, name, "en_US")).toMatchObject({ status: 400, json: { error: { code: 132015 } } });
    await decide({ name, language: "en_US", status: "APPROVED" });
    await decide({ name, language: "en_US", status: "DISABLED" });
    await stage.emulator.settled();
    expect(await sendTemplate(stage, name, "en_US")).toMatchObject({ status: 400, json: { error: { code: 132016 } } });
    const id = expect.any(Number) as number;
    const keys = { message_template_id: id, message_template_name: name, message_template_language: "en_US" };
    const status = { ...keys, message_template_category: "MARKETING" };
    const values = received(app);
    expect(values).toHaveLength(5);
    expect(values).toEqual(
      expect.arrayContaining([
        [FIELDS[1], { previous_quality_score: "UNKNOWN", new_quality_score: "RED", ...keys }],
        [FIELDS[3], { ...keys, previous_category: "UTILITY", new_category: "MARKETING" }],
        [
          FIELDS[0],
          { event: "PAUSED", ...status, reason: null, other_info: expect.objectContaining({ title: "FIRST_PAUSE" }) },
        ],
        [
          FIELDS[0],
          { event: "APPROVED", ...status, reason: "NONE", other_info: expect.objectContaining({ title: "UNPAUSE" }) },
        ],
        [
          FIELDS[0],
          {
            event: "DISABLED",
            ...status,
            reason: "NONE",
            disable_info: { disable_date: id },
            other_info: expect.objectContaining({ title: "DISABLED" }),
          },
        ],
      ]),
    );
    // Each is read as the event of its field.
    const events = app.bodies.flatMap((each) => readBody(Buffer.from(each)));
    expect(events.map(({ kind }) => kind)).toEqual(values.map(([field]) => field));
  });

  test.each([
    [{ status: "APPROVED" }, "the name of the template is missing"],
    [{ name: "goodbye", status: "APPROVED" }, "there is no template goodbye"],
    [{ name: "hello_world", language: "de", status: "APPROVED" }, "there is no template hello_world in de"],
    [{ name: "hello_world" }, "the change of the template is missing"],
    [{ name: "hello_world", status: "FINE" }, "a template's status must be one of APPROVED, REJECTED"],
    [{ name: "hello_world", status: "REJECTED", reason: "NO" }, "a template's reason must be one of ABUSIVE_CONTENT"],
  ])("of %o is refused", async (json, message) => {
    const stage = await startTestEmulator();
    const answered = await stage.ask("/_wa-hook/templates", post(json));
    expect(answered).toMatchObject({ status: 400, json: { error: { message: expect.stringContaining(message) } } });
  });
});

describe("a message from a template needs", () => {
  const named = (texts: Record<string, string>) => ({
    type: "body",
    parameters: Object.entries(texts).map(([parameter_name, text]) => ({ type: "text", parameter_name, text })),
  });
  const image = { type: "header", parameters: [{ type: "image", image: { link: "https://example.com/a.png" } }] };
  const quickReply = {
    type: "button",
    sub_type: "quick_reply",
    index: 0,
    parameters: [{ type: "payload", payload: "1" }],
  };
  const carousel = (cards: number) => ({
    type: "carousel",
    cards: Array.from({ length: cards }, (_, card_index) => ({ card_index, components: [image, quickReply] })),
  });
  const cases: [
    what: string,
    name: string,
    code: string,
    components: object[] | undefined,
    error: number,
    details: string,
  ][] = [
    [
      "one parameter for each variable",
      "appointment_reminder",
      "en_US",
      undefined,
      132000,
      "body: number of localizable_params (0) does not match the expected number of params (2)",
    ],
    [
      "no other parameters",
      "hello_world",
      "en_US",
      [bodyParameters("Sheena")],
      132000,
      "body: number of localizable_params (1) does not match the expected number of params (0)",
    ],
    [
      "the names of its variables",
      "appointment_reminder",
      "de",
      [bodyParameters("Sheena", "10:00")],
      100,
      "Parameter name is missing",
    ],
    [
      "each name",
      "appointment_reminder",
      "de",
      [named({ customer: "Sheena", hour: "10:00" })],
      100,
      "Parameter name time is missing",
    ],
    [
      "the media of its header",
      "order_shipped",
      "en",
      [bodyParameters("1", "2", "3")],
      132012,
      "header: Format mismatch, expected IMAGE, received UNKNOWN",
    ],
    [
      "the text of its URL",
      "order_shipped",
      "en",
      [image, bodyParameters("1", "2", "3")],
      131008,
      "buttons: Button at index 0 of type Url requires a parameter",
    ],
    [
      "the coupon of its button",
      "weekend_discount",
      "en_US",
      [
        {
          type: "limited_time_offer",
          parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1 } }],
        },
      ],
      131008,
      "of type CopyCode",
    ],
    ["the end of its offer", "weekend_discount", "en_US", undefined, 131008, "limited_time_offer"],
    ["every card", "summer_bikes", "en_GB", [bodyParameters("20"), carousel(1)], 132012, "number of cards (1)"],
  ];

  test.each(cases)("%s", async (_, name, code, components, error, details) => {
    const { json } = await sendTemplate(await startTestEmulator(), name, code, components);
    expect(json.error).toMatchObject({ code: error, error_data: { details: expect.stringContaining(details) } });
  });

  test("the code twice when it is for authentication and has no text of its own", async () => {
    const stage = await startTestEmulator(AT_ONCE);
    const components = [{ type: "BODY" }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }];
    await create(stage, { name: "code", category: "AUTHENTICATION", components });
    const button = { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "123456" }] };
    expect((await sendTemplate(stage, "code", "en", [button])).json.error.code).toBe(132000);
    expect((await sendTemplate(stage, "code", "en", [bodyParameters("123456")])).json.error.code).toBe(131008);
    expect((await sendTemplate(stage, "code", "en", [bodyParameters("123456"), button])).status).toBe(200);
  });

  test("the parameters of its cards", async () => {
    const stage = await startTestEmulator();
    expect((await sendTemplate(stage, "summer_bikes", "en_GB", [bodyParameters("20"), carousel(2)])).status).toBe(200);
  });

  test("its language in any case", async () => {
    expect((await sendTemplate(await startTestEmulator(), "hello_world", "en_us")).status).toBe(200);
  });
});
