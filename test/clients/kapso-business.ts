/** `@kapso/whatsapp-cloud-api`: business profile, calls and Flows. */
// The operations run inside of tests (table.test.ts).
// oxlint-disable vitest/no-standalone-expect
import type { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { expect } from "vitest";

import type { Emulated } from "../emulator/test-emulator.ts";
import { allowCalls, CUSTOMER, operation, type Loose, type Operation } from "./client.ts";

export const business = (clientOf: (stage: Emulated) => WhatsAppClient): Operation[] => [
  operation("business profile", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    const { businessProfile } = clientOf(stage).phoneNumbers;
    expect(await businessProfile.update({ phoneNumberId, about: "Open again" })).toEqual({ success: true });
    const { data } = await businessProfile.get({ phoneNumberId });
    expect(data).toMatchObject([{ about: "Open again" }]);
  }),
  operation("call a customer", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    await allowCalls(stage);
    const { calls } = clientOf(stage);
    const session = { sdpType: "offer", sdp: "v=0" } as const;
    const made = (await calls.connect({ phoneNumberId, to: CUSTOMER, session })) as Loose;
    expect(await calls.terminate({ phoneNumberId, callId: made.calls[0].id })).toMatchObject({ success: true });
    const { permission } = (await calls.permissions.get({ phoneNumberId, userWaId: "16505551234" })) as Loose;
    expect(permission.status).toBe("temporary");
  }),
  operation("answer a call", async (stage) => {
    const { phoneNumberId } = stage.emulator.account;
    const { id: callId = "" } = await stage.emulator.act({ action: "call" });
    const session = { sdpType: "answer", sdp: "v=0" } as const;
    expect(await clientOf(stage).calls.accept({ phoneNumberId, callId, session })).toMatchObject({ success: true });
  }),
  operation("flow deployed", async (stage) => {
    const { businessAccountId: wabaId } = stage.emulator.account;
    const { flows } = clientOf(stage);
    const flowJson = {
      version: "7.0",
      screens: [{ id: "START", layout: { type: "SingleColumnLayout", children: [] } }],
    };
    const made = await flows.create({ wabaId, name: "booking", categories: ["OTHER"], flowJson });
    expect(made.success).toBe(true);
    const flowId = made.id;
    expect(await flows.updateAsset({ flowId, json: flowJson } as Loose)).toMatchObject({ success: true });
    expect(await flows.publish({ flowId })).toEqual({ success: true });
    expect(await flows.get({ flowId })).toMatchObject({ id: flowId, status: "PUBLISHED" });
    expect(await flows.deprecate({ flowId })).toEqual({ success: true });
  }),
];
