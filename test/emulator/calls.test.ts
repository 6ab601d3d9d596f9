/** Calls in both directions, told by webhooks. */
import { describe, expect, test } from "vitest";

import { PRODUCT, startBusiness, type BusinessStage } from "./business-stage.ts";
import { startTestEmulator } from "./test-emulator.ts";

const OFFER = { session: { sdp_type: "offer", sdp: "v=0" } };
const ANSWER = { session: { sdp_type: "answer", sdp: "v=0" } };

const call = ({ ask, phone }: BusinessStage, json: object) => ask(`/${phone}/calls`, { json: { ...PRODUCT, ...json } });
const connect = (stage: BusinessStage, more: object = {}) =>
  call(stage, { to: "+16505551234", action: "connect", ...OFFER, ...more });

/** The story that webhooks tell, one word per webhook, in the order of their times. */
async function story({ changes }: BusinessStage): Promise<string[]> {
  const items = (await changes())
    .filter(({ field }) => field === "calls")
    .map(({ value }) => value.calls?.[0] ?? value.statuses[0]);
  return items.map(({ event, status }) => [event, status].filter(Boolean).join(" "));
}

async function permitted(): Promise<BusinessStage> {
  const stage = await startBusiness();
  await stage.emulator.act({ action: "allow_calls" });
  return stage;
}

describe("the business calls", () => {
  test("a customer who accepts, until it ends the call", async () => {
    const stage = await permitted();
    const { json } = await connect(stage, { biz_opaque_callback_data: "order 1042" });
    expect(json).toEqual({ ...PRODUCT, calls: [{ id: expect.stringMatching(/^wacid\./) }] });
    expect((await story(stage)).toSorted()).toEqual(["ACCEPTED", "RINGING", "connect"]);
    const { id } = json.calls[0];
    expect((await call(stage, { action: "terminate", call_id: id })).json).toEqual({ ...PRODUCT, success: true });
    const [change] = await stage.changes();
    expect(change?.value.calls[0]).toMatchObject({
      id,
      event: "terminate",
      status: "COMPLETED",
      direction: "BUSINESS_INITIATED",
      to: "16505551234",
      duration: expect.any(Number),
      biz_opaque_callback_data: "order 1042",
    });
    expect((await call(stage, { action: "terminate", call_id: id })).json.error.code).toBe(100);
  });

  test("a customer who declines", async () => {
    const stage = await permitted();
    await stage.emulator.act({ action: "decline_calls" });
    await connect(stage);
    expect((await story(stage)).toSorted()).toEqual(["REJECTED", "RINGING", "connect", "terminate FAILED"]);
    await stage.emulator.act({ action: "accept_calls" });
    await connect(stage);
    await stage.emulator.act({ action: "hang_up" });
    expect((await story(stage)).toSorted()).toEqual(["ACCEPTED", "RINGING", "connect", "terminate COMPLETED"]);
    await expect(stage.emulator.act({ action: "hang_up" })).rejects.toThrow("there is no call");
  });

  test("only with permission, which expires after 7 days and can be refused", async () => {
    const stage = await startBusiness();
    const status = async () =>
      (await stage.ask(`/${stage.phone}/call_permissions?user_wa_id=16505551234`)).json.permission.status as string;
    expect([await status(), (await connect(stage)).json.error.code]).toEqual(["no_permission", 138_006]);
    await stage.emulator.act({ action: "allow_calls" });
    expect(await status()).toBe("temporary");
    stage.emulator.advance(7 * 86_400_000);
    expect(await status()).toBe("no_permission");
    const reply = { response: "accept", is_permanent: true, response_source: "user_action" };
    const interactive = { type: "call_permission_reply", call_permission_reply: reply };
    await stage.emulator.receive({ type: "interactive", interactive });
    expect(await status()).toBe("permanent");
    await stage.emulator.act({ action: "deny_calls" });
    expect(await status()).toBe("no_permission");
  });

  test("only one call at a time with a customer, and only when the app is subscribed to calls", async () => {
    const stage = await permitted();
    await connect(stage);
    expect((await connect(stage)).json.error.code).toBe(138_003);
    const { emulator, ask } = await startTestEmulator();
    const json = { ...PRODUCT, to: "+16505551234", action: "connect", ...OFFER };
    expect((await ask(`/${emulator.account.phoneNumberId}/calls`, { json })).json.error.code).toBe(138_018);
  });
});

describe("a customer calls", () => {
  test("and the business accepts, then ends the call", async () => {
    const stage = await startBusiness();
    const { id } = await stage.emulator.act({ action: "call" });
    const [change] = await stage.changes();
    expect(change?.value.calls[0]).toMatchObject({
      id,
      event: "connect",
      direction: "USER_INITIATED",
      from: "16505551234",
      session: { sdp_type: "offer", sdp: expect.stringMatching(/^v=0\r\n/) },
    });
    for (const action of ["pre_accept", "accept"]) {
      expect((await call(stage, { action, call_id: id, ...ANSWER })).status).toBe(200);
    }
    expect((await call(stage, { action: "accept", call_id: id, ...ANSWER })).json.error.error_data.details).toMatch(
      /accepted already/,
    );
    await call(stage, { action: "terminate", call_id: id });
    expect(await story(stage)).toEqual(["terminate COMPLETED"]);
  });

  test("and the business declines", async () => {
    const stage = await startBusiness();
    const { id } = (await stage.ask("/_wa-hook/customer", { json: { action: "call" }, token: null })).json;
    expect(id).toMatch(/^wacid\./);
    await call(stage, { action: "reject", call_id: id });
    expect((await story(stage)).toSorted()).toEqual(["connect", "terminate FAILED"]);
  });
});

test.each([
  [{}, "The parameter action is required."],
  [{ action: "hold" }, 'Param action must be one of {connect, pre_accept, accept, reject, terminate} - got "hold".'],
  [{ action: "connect", ...OFFER }, "The parameter to is required."],
  [{ action: "connect", to: "+16505551234" }, "The parameter session is required."],
  [{ action: "connect", to: "+16505551234", ...ANSWER }, "Param session['sdp_type'] must be one of {offer}"],
  [{ action: "reject" }, "The parameter call_id is required."],
])("%j is refused", async (json, message) => {
  const stage = await startBusiness();
  expect((await call(stage, json)).json.error.message).toBe(`(#100) ${message}`);
});

test("an action that no customer has is refused with the list of actions", async () => {
  const { ask } = await startBusiness();
  const { status, json } = await ask("/_wa-hook/customer", { json: { action: "sing" }, token: null });
  expect([status, json.error.message]).toEqual([400, expect.stringMatching(/^sing is not an action .* call, hang_up/)]);
});
