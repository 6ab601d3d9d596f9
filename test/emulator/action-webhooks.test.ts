/** Every webhook that an action causes has the shape that our own reader knows. */
import { expect, test } from "vitest";

import { fields } from "../../src/webhook/fields/index.ts";
import { PRODUCT, problemsIn, startBusiness } from "./business-stage.ts";

test("every webhook of an action is read without problems, and has entry[].time only where Meta sends it", async () => {
  const { emulator, app, ask, phone, waba, changes } = await startBusiness();
  const act = (action: Parameters<typeof emulator.act>[0]["action"], more: object = {}) =>
    emulator.act({ action, ...more });
  // Calls in both directions.
  await act("allow_calls");
  await act("decline_calls");
  const session = { sdp_type: "offer", sdp: "v=0" };
  const connect = () => ask(`/${phone}/calls`, { json: { ...PRODUCT, to: "16505551234", action: "connect", session } });
  await connect();
  await act("accept_calls");
  await connect();
  await act("hang_up");
  await act("call");
  await act("hang_up");
  // A group with everything that can happen to it.
  await ask(`/${phone}/groups`, { json: { ...PRODUCT, subject: "Club", join_approval_mode: "approval_required" } });
  const [{ id: group }] = (await ask(`/${phone}/groups`)).json.data.groups;
  for (const from of ["16505550101", "16505550102"]) await act("join_group", { from });
  await act("leave_group", { from: "16505550102" });
  const [{ join_request_id: request }] = (await ask(`/${group}/join_requests`)).json.data;
  await ask(`/${group}/join_requests`, { json: { ...PRODUCT, join_requests: [request] } });
  const participants = [{ user: "16505550101" }, { user: "16505550109" }];
  await ask(`/${group}/participants`, { method: "DELETE", json: { ...PRODUCT, participants } });
  await ask(`/${group}`, { json: { ...PRODUCT, subject: "Garden club", description: "Autumn" } });
  await ask(`/${group}`, { method: "DELETE" });
  // The rest.
  const flow_json = { version: "7.0", screens: [{ id: "A" }] };
  const flow = await ask(`/${waba}/flows`, { json: { name: "x", categories: ["OTHER"], flow_json, publish: true } });
  await ask(`/${flow.json.id}/deprecate`, { method: "POST" });
  await ask(`/${phone}/username`, { json: { username: "flowers" } });
  await ask(`/${phone}/username`, { method: "DELETE" });
  const texts = { display_name: "a", signup_message: "b", confirmation_message: "c", privacy_policy_url: "d" };
  await ask(`/${waba}/signups`, { json: { ...texts, policy: { tos: "e", accepted: true } } });
  await act("sign_up");
  await act("hand_over");

  const seen = await changes();
  expect([...new Set(seen.map(({ field }) => field))].toSorted()).toEqual([
    "business_username_update",
    "calls",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "messages",
    "messaging_handovers",
    "user_preferences",
  ]);
  expect(problemsIn(app)).toEqual([]);
  const timed = new Map(fields.map((field) => [field.name, field.timed]));
  for (const body of app.bodies) {
    const [entry] = JSON.parse(body).entry;
    expect(entry.time !== undefined, body).toBe(timed.get(entry.changes[0].field));
  }
});
