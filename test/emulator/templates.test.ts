/** The templates of the emulated account: reviews, reading, and what is decided by hand. */
import { describe, expect, test } from "vitest";

import { readBody } from "../../src/webhook/payload.ts";
import {
  AT_ONCE,
  MANUAL,
  DAY,
  thanks,
  edge,
  create,
  sendTemplate,
  bodyParameters,
  statusOf,
  FIELDS,
  subscribed,
  received,
} from "./template-stage.ts";
import { QUIET, startTestEmulator } from "./test-emulator.ts";

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

  test("is approved and announced as soon as the clock is advanced", async () => {
    const { app, ...stage } = await subscribed(QUIET);
    await create(stage);
    stage.emulator.advance(1000);
    await stage.emulator.settled();
    expect(received(app).map(([, value]) => value.event)).toEqual(["APPROVED"]);
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
