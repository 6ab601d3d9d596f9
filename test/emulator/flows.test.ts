/** Flows: their life from draft to deprecated, and their JSON. */
import { generateKeyPairSync } from "node:crypto";

import { expect, test } from "vitest";

import { Flows } from "../../src/emulator/business/flows.ts";
import { Clock } from "../../src/emulator/clock.ts";
import { Ids } from "../../src/emulator/ids.ts";
import { startBusiness } from "./business-stage.ts";

const JSON_TEXT = JSON.stringify({ version: "7.0", screens: [{ id: "START", terminal: true }] });

async function withFlow(fields: object = {}) {
  const stage = await startBusiness();
  const json = { name: "Table booking", categories: ["APPOINTMENT_BOOKING"], ...fields };
  const { json: made } = await stage.ask(`/${stage.waba}/flows`, { json });
  const post = async (path: string) => (await stage.ask(`/v25.0/${made.id}/${path}`, { method: "POST" })).json;
  const upload = async (text: string) => {
    const form = new FormData();
    form.set("name", "flow.json");
    form.set("asset_type", "FLOW_JSON");
    form.set("file", new File([text], "flow.json", { type: "application/json" }));
    return (await stage.ask(`/${made.id}/assets`, { body: form })).json;
  };
  return { ...stage, made, id: made.id as string, post, upload };
}

test("a Flow is created, gets its JSON, is published and deprecated, with a webhook for each status", async () => {
  const { ask, id, made, post, upload, changes, waba } = await withFlow();
  expect(made).toEqual({ id: expect.stringMatching(/^\d+$/), success: true, validation_errors: [] });
  expect((await post("publish")).error.code).toBe(139_002);
  expect(await upload(JSON_TEXT)).toEqual({ success: true, validation_errors: [] });
  expect(await post("publish")).toEqual({ success: true });
  expect((await ask(`/${id}`, { method: "DELETE" })).json.error.code).toBe(139_004);
  expect(await post("deprecate")).toEqual({ success: true });
  expect((await post("deprecate")).error.code).toBe(139_003);
  expect((await upload(JSON_TEXT)).error.code).toBe(139_001);
  expect(
    (await changes()).map(({ field, value }) => [field, value.flow_id, value.old_status, value.new_status]),
  ).toEqual([
    ["flows", id, "DRAFT", "PUBLISHED"],
    ["flows", id, "PUBLISHED", "DEPRECATED"],
  ]);
  const shown = {
    id,
    name: "Table booking",
    status: "DEPRECATED",
    categories: ["APPOINTMENT_BOOKING"],
    validation_errors: [],
  };
  expect((await ask(`/${id}`)).json).toEqual(shown);
  expect((await ask(`/${waba}/flows`)).json.data).toEqual([shown]);
  const asked = await ask(`/${id}?fields=preview.invalidate(false),json_version,whatsapp_business_account`);
  expect(asked.json).toMatchObject({
    preview: { preview_url: expect.any(String), expires_at: expect.stringMatching(/\+0000$/) },
    json_version: "7.0",
    whatsapp_business_account: { id: waba },
  });
});

test("the JSON can be part of the creation, as text or as an object, and is downloaded as it is", async () => {
  const { ask, id, waba } = await withFlow({ flow_json: JSON_TEXT, publish: true });
  expect((await ask(`/${id}?fields=status`)).json.status).toBe("PUBLISHED");
  const { data } = (await ask(`/${id}/assets`)).json;
  expect(data).toEqual([{ name: "flow.json", asset_type: "FLOW_JSON", download_url: expect.any(String) }]);
  expect(await (await fetch(data[0].download_url as string)).text()).toBe(JSON_TEXT);
  const copy = await ask(`/${waba}/flows`, { json: { name: "Copy", clone_flow_id: id } });
  expect((await ask(`/${copy.json.id}?fields=json_version,categories`)).json).toMatchObject({
    json_version: "7.0",
    categories: ["APPOINTMENT_BOOKING"],
  });
});

test("a change makes a published Flow a draft again", async () => {
  const { ask, id, changes } = await withFlow({ flow_json: JSON_TEXT, publish: true });
  expect((await ask(`/${id}`, { json: { name: "Tables", categories: ["OTHER"] } })).json).toEqual({ success: true });
  expect((await ask(`/${id}?fields=name,status`)).json).toMatchObject({ name: "Tables", status: "DRAFT" });
  expect((await changes()).at(-1)?.value).toMatchObject({ old_status: "PUBLISHED", new_status: "DRAFT" });
  expect((await ask(`/${id}`, { method: "DELETE" })).json).toEqual({ success: true });
  expect((await ask(`/${id}`)).json.error.error_subcode).toBe(33);
});

test("JSON with errors is kept but cannot be published", async () => {
  const { post, upload } = await withFlow();
  for (const text of ["{", "[]", '{"screens":[{}]}', '{"version":"7.0"}']) {
    expect((await upload(text)).validation_errors).toHaveLength(1);
    expect((await post("publish")).error.code).toBe(139_002);
  }
});

test("a Flow with an endpoint needs its address and the number's public key", async () => {
  const { ask, id, phone, post, upload } = await withFlow();
  await upload(JSON.stringify({ ...JSON.parse(JSON_TEXT), data_api_version: "3.0" }));
  const details = async () => (await post("publish")).error?.error_data.details as string | undefined;
  expect(await details()).toMatch(/no endpoint_uri$/);
  await ask(`/${id}`, { json: { endpoint_uri: "https://example.com/flow" } });
  expect(await details()).toMatch(/no public key/);
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const business_public_key = publicKey.export({ type: "spki", format: "pem" });
  await ask(`/${phone}/whatsapp_business_encryption`, { json: { business_public_key } });
  expect(await post("publish")).toEqual({ success: true });
});

test("names are unique, and categories are Meta's", async () => {
  const { ask, waba } = await withFlow();
  const message = async (json: object) => (await ask(`/${waba}/flows`, { json })).json.error;
  expect(await message({ name: "Table booking", categories: ["OTHER"] })).toMatchObject({
    code: 100,
    error_user_title: "Flow name is not unique",
  });
  expect((await message({ name: "x", categories: ["FOOD"] })).message).toMatch(
    /^\(#100\) Param categories\[0\] must be one of/,
  );
  expect((await message({ name: "x" })).message).toBe("(#100) The parameter categories is required.");
  expect((await message({ categories: ["OTHER"] })).message).toBe("(#100) The parameter name is required.");
  expect((await message({ name: "x", clone_flow_id: "1" })).error_data.details).toBe(
    "clone_flow_id: there is no flow 1",
  );
});

test("the JSON of all Flows together is bounded", () => {
  const [clock, ids] = [new Clock(true), new Ids("test")];
  const flows = new Flows({ clock, ids } as unknown as ConstructorParameters<typeof Flows>[0]);
  const json = { text: "x".repeat(1024 * 1024) };
  for (let count = 0; count < 63; count++) flows.add(`flow ${count}`, ["OTHER"], { json });
  expect(() => flows.add("one more", ["OTHER"], { json })).toThrow("at most 67108864 bytes of Flow JSON");
  flows.remove(flows.list()[0] as ReturnType<typeof flows.get>);
  expect(flows.add("one more", ["OTHER"], { json }).name).toBe("one more");
});
