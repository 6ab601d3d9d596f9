/** Edits and deletions of emulated templates, and their limits. */
import { describe, expect, test } from "vitest";

import { AT_ONCE, MANUAL, DAY, body, edge, create, FIELDS, subscribed, received } from "./template-stage.ts";
import { QUIET, startTestEmulator, type Emulated } from "./test-emulator.ts";

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
