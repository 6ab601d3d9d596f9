/** Groups: requests of the business, what customers do, and the webhooks about both. */
import { describe, expect, test } from "vitest";

import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { PRODUCT, problemsIn, startBusiness, type BusinessStage } from "./business-stage.ts";

async function withGroup(settings: object = {}, options: EmulatorOptions = {}) {
  const stage = await startBusiness(options);
  const { ask, phone, changes } = stage;
  const { json } = await ask(`/${phone}/groups`, { json: { ...PRODUCT, subject: " Garden club ", ...settings } });
  const [change] = await changes();
  return { ...stage, made: json as { request_id: string }, change, id: change?.value.groups[0].group_id as string };
}

/** The items of `groups[]` since the last call, without what is the same in all. */
async function items({ changes }: BusinessStage): Promise<object[]> {
  return (await changes()).map(({ field, value: { groups } }) => {
    const { group_id: _, timestamp: __, ...item } = groups[0];
    return { field, ...item };
  });
}

const SHEENA = { wa_id: "16505551234", user_id: expect.stringMatching(/^US\./) as string };
const request_id = expect.any(String) as string;

describe("a group", () => {
  test("is created, and the webhook with its id repeats the id of the request", async () => {
    const { ask, phone, made, change, id } = await withGroup({ description: "What to sow" });
    expect(made).toEqual({ ...PRODUCT, request_id });
    expect(change).toMatchObject({
      field: "group_lifecycle_update",
      value: {
        ...PRODUCT,
        groups: [
          {
            request_id: made.request_id,
            type: "group_create",
            subject: "Garden club",
            description: "What to sow",
            join_approval_mode: "auto_approve",
            invite_link: expect.stringMatching(/^https:\/\/chat\.whatsapp\.com\/\w+$/),
          },
        ],
      },
    });
    const { json } = await ask(`/${phone}/groups`);
    expect(json.data).toEqual({ groups: [{ id, subject: "Garden club", created_at: expect.stringMatching(/^\d+$/) }] });
    expect(json.paging.cursors).toBeDefined();
    expect((await ask(`/${id}`)).json).toEqual({ ...PRODUCT, id });
    expect((await ask(`/v25.0/${id}?fields=subject,participants,total_participant_count,suspended`)).json).toEqual({
      ...PRODUCT,
      subject: "Garden club",
      participants: [],
      total_participant_count: 0,
      suspended: false,
      id,
    });
  });

  test("is changed and deleted, each with a webhook", async () => {
    const stage = await withGroup();
    const { ask, phone, id } = stage;
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("description", "Autumn");
    form.set("file", new File(["a picture"], "picture.jpg", { type: "image/jpeg" }));
    expect((await ask(`/${id}`, { body: form })).json).toEqual({ ...PRODUCT, request_id });
    expect((await ask(`/${id}`, { method: "DELETE" })).json).toEqual({ ...PRODUCT, request_id });
    expect(await items(stage)).toEqual([
      {
        field: "group_settings_update",
        type: "group_settings_update",
        request_id,
        profile_picture: { mime_type: "image/jpeg", sha256: expect.any(String), update_successful: true },
        group_description: { text: "Autumn", update_successful: true },
      },
      { field: "group_lifecycle_update", type: "group_delete", request_id },
    ]);
    expect((await ask(`/${phone}/groups`)).json.data).toEqual({ groups: [] });
    expect((await ask(`/${id}`)).json.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  test("has a new invite link after a reset", async () => {
    const { emulator, ask, id } = await withGroup();
    const { invite_link: old } = (await ask(`/${id}/invite_link`)).json;
    const { invite_link: reset } = (await ask(`/${id}/invite_link`, { json: PRODUCT })).json;
    expect(reset).not.toBe(old);
    await expect(emulator.act({ action: "join_group", group: old as string })).rejects.toThrow("no such group");
    await emulator.act({ action: "join_group", group: reset as string });
  });

  test("is joined and left by customers, at most 8 at a time", async () => {
    const stage = await withGroup();
    const { emulator, id, ask } = stage;
    await emulator.act({ action: "join_group" });
    await emulator.act({ action: "leave_group" });
    expect(await items(stage)).toEqual([
      {
        field: "group_participants_update",
        type: "group_participants_add",
        reason: "invite_link",
        added_participants: [SHEENA],
      },
      {
        field: "group_participants_update",
        type: "group_participants_remove",
        initiated_by: "participant",
        removed_participants: [SHEENA],
      },
    ]);
    await expect(emulator.act({ action: "leave_group" })).rejects.toThrow("the customer is not in the group");
    for (let at = 0; at < 8; at++) await emulator.act({ action: "join_group", from: `1650555010${at}` });
    await expect(emulator.act({ action: "join_group" })).rejects.toThrow("the group is full");
    expect((await ask(`/${id}?fields=total_participant_count`)).json.total_participant_count).toBe(8);
  });

  test("loses the participants that the business removes, who cannot join again", async () => {
    const stage = await withGroup();
    const { emulator, ask, id } = stage;
    await emulator.act({ action: "join_group" });
    await items(stage);
    const participants = [{ user: "+1 650-555-1234" }, { user: "+16505550100" }];
    await ask(`/${id}/participants`, { method: "DELETE", json: { ...PRODUCT, participants } });
    expect(await items(stage)).toEqual([
      {
        field: "group_participants_update",
        type: "group_participants_remove",
        request_id,
        initiated_by: "business",
        removed_participants: [{ input: "+1 650-555-1234", ...SHEENA }],
        failed_participants: [{ input: "+16505550100", errors: [expect.objectContaining({ code: 131_212 })] }],
        errors: [expect.objectContaining({ code: 131_201 })],
      },
    ]);
    await expect(emulator.act({ action: "join_group" })).rejects.toThrow("cannot join again");
    const nine = Array.from({ length: 9 }, (_, at) => ({ user: `1650555010${at}` }));
    const remove = async (list: object[]) =>
      (await ask(`/${id}/participants`, { method: "DELETE", json: { ...PRODUCT, participants: list } })).json.error;
    expect((await remove(nine)).message).toBe("(#100) Param participants must have at most 8 elements.");
    expect((await remove([{ user: "1" }, { user: "1" }])).code).toBe(131_202);
    expect((await remove([])).message).toBe("(#100) The parameter participants is required.");
  });
});

test("requests to join are listed, approved, rejected and withdrawn", async () => {
  const stage = await withGroup({ join_approval_mode: "approval_required" });
  const { emulator, ask, id } = stage;
  for (const from of ["16505550101", "16505550102", "16505550103"]) await emulator.act({ action: "join_group", from });
  await emulator.act({ action: "leave_group", from: "16505550103" });
  const types = (await items(stage)).map((item) => (item as { type: string }).type);
  expect(types.toSorted()).toEqual([
    ...Array.from({ length: 3 }, () => "group_join_request_created"),
    "group_join_request_revoked",
  ]);
  const { data } = (await ask(`/${id}/join_requests`)).json;
  const [first, second] = data.map((each: { join_request_id: string }) => each.join_request_id);
  expect(data[0]).toMatchObject({ wa_id: "16505550101", creation_timestamp: expect.any(String) });
  const approved = await ask(`/${id}/join_requests`, { json: { ...PRODUCT, join_requests: [first, "none"] } });
  expect(approved.json).toEqual({
    ...PRODUCT,
    approved_join_requests: [first],
    failed_join_requests: [{ join_request_id: "none", errors: [expect.objectContaining({ code: 131_212 })] }],
    errors: [expect.objectContaining({ code: 131_201 })],
  });
  const rejected = await ask(`/${id}/join_requests`, {
    method: "DELETE",
    json: { ...PRODUCT, join_requests: [second] },
  });
  expect(rejected.json).toEqual({ ...PRODUCT, rejected_join_requests: [second] });
  expect((await ask(`/${id}?fields=participants`)).json.participants).toEqual([
    expect.objectContaining({ wa_id: "16505550101" }),
  ]);
  expect((await items(stage)).map((item) => (item as { type: string }).type)).toEqual(["group_participants_add"]);
});

test.each([
  [{}, "The parameter subject is required."],
  [{ subject: "   " }, "The parameter subject is required."],
  [{ subject: "x".repeat(129) }, "Param subject must be at most 128 characters long."],
  [{ subject: "x", description: "x".repeat(2049) }, "Param description must be at most 2048 characters long."],
  [
    { subject: "x", join_approval_mode: "never" },
    'Param join_approval_mode must be one of {auto_approve, approval_required} - got "never".',
  ],
])("%# beyond Meta's limits is refused", async (json, message) => {
  const { ask, phone } = await startBusiness();
  expect((await ask(`/${phone}/groups`, { json: { ...PRODUCT, ...json } })).json.error.message).toBe(
    `(#100) ${message}`,
  );
});

describe("a message to a group", () => {
  const message = (to: string) => ({ ...PRODUCT, recipient_type: "group", to, type: "text", text: { body: "Hello" } });

  test("is accepted once somebody has joined, and has a status for each participant", async () => {
    const stage = await withGroup({}, { statuses: { sent: 0, delivered: 10, read: 20 } });
    const { ask, emulator, phone, id, changes } = stage;
    expect((await ask(`/${phone}/messages`, { json: message(id) })).json.error.code).toBe(131_020);
    await emulator.act({ action: "join_group" });
    await changes();
    const { json } = await ask(`/${phone}/messages`, { json: message(id) });
    expect(json.contacts).toEqual([{ input: id, wa_id: id }]);
    const group = { id: json.messages[0].id, recipient_id: id, recipient_type: "group" };
    const participant = { recipient_participant_id: SHEENA.wa_id, recipient_participant_user_id: SHEENA.user_id };
    const statuses = (await changes()).flatMap(({ value }) => value.statuses as object[]);
    expect(statuses).toMatchObject([
      { ...group, status: "sent", pricing: { category: "group_service" } },
      { ...group, ...participant, status: "delivered" },
      { ...group, ...participant, status: "read" },
    ]);
    expect(statuses[0]).not.toHaveProperty("recipient_participant_id");
    expect(problemsIn(stage.app)).toEqual([]);
  });

  test("that this number is not in is refused", async () => {
    const { ask, phone } = await withGroup();
    expect((await ask(`/${phone}/messages`, { json: message("another") })).json.error.code).toBe(131_041);
  });
});
