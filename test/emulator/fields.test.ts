/** The `fields` of a request: nested ones, those that Meta documents, and those of other objects. */
import { describe, expect, test } from "vitest";

import { parseFields } from "../../src/emulator/http/fields.ts";
import { QUIET, startTestEmulator, upload } from "./test-emulator.ts";

describe("fields", () => {
  test("are parsed with modifiers and braces, also when these are never closed", () => {
    const plain = (text: string) =>
      JSON.parse(
        JSON.stringify(parseFields(text), (_, value: unknown) =>
          value instanceof Map ? Object.fromEntries(value) : value,
        ),
      ) as unknown;
    expect(plain("id, a.limit(5).since(1,2){b,c{d}},e")).toEqual([
      { name: "id", modifiers: {} },
      {
        name: "a",
        modifiers: { limit: "5", since: "1,2" },
        fields: [
          { name: "b", modifiers: {} },
          { name: "c", modifiers: {}, fields: [{ name: "d", modifiers: {} }] },
        ],
      },
      { name: "e", modifiers: {} },
    ]);
    expect(plain("a{b")).toEqual([{ name: "a", modifiers: {}, fields: [{ name: "b", modifiers: {} }] }]);
    for (const text of ["{".repeat(5000), "}".repeat(5000), "(".repeat(5000), "a{".repeat(3000), ",,,", ""]) {
      expect(parseFields(text).length).toBeLessThanOrEqual(1);
    }
  });

  test("of the account expand its numbers and templates", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { businessAccountId, phoneNumberId } = emulator.account;
    const fields = "name,phone_numbers.limit(5){id,status},message_templates.limit(2){name,status},owner_business{id}";
    const { json } = await ask(`/${businessAccountId}?fields=${fields}`);
    expect(json.phone_numbers.data).toEqual([{ status: "CONNECTED", id: phoneNumberId }]);
    expect(json.message_templates.data).toHaveLength(2);
    expect(json.message_templates.data[0]).toEqual({ name: "hello_world", status: "APPROVED" });
    expect(Object.keys(json.owner_business)).toEqual(["id"]);
    expect((await ask(`/${businessAccountId}?fields=phone_numbers{colour}`)).json.error.message).toBe(
      "(#100) Tried accessing nonexisting field (colour) on node type (WhatsAppBusinessPhoneNumber)",
    );
  });

  const PHONE =
    "verified_name,code_verification_status,display_phone_number,quality_rating,quality_score,platform_type,throughput,webhook_configuration,status,name_status,new_name_status,certificate,new_certificate,account_mode,is_official_business_account,is_pin_enabled,search_visibility,country_code,country_dial_code,messaging_limit_tier,whatsapp_business_manager_messaging_limit,health_status,conversational_automation,host_platform,last_onboarded_time,eligibility_for_api_business_global_search,is_on_biz_app,is_preverified_number,username";
  const ACCOUNT =
    "id,name,timezone_id,currency,country,account_review_status,business_verification_status,ownership_type,message_template_namespace,health_status,owner_business_info,on_behalf_of_business_info,primary_funding_id,purchase_order_number,is_enabled_for_insights,marketing_messages_lite_api_status,status,auth_international_rate_eligibility";

  test("that Meta documents are answered or left out, and those of other objects are refused in Meta's words", async () => {
    const { emulator, ask } = await startTestEmulator();
    const { phoneNumberId, businessAccountId, appId } = emulator.account;
    const ok = [
      `/${phoneNumberId}?fields=${PHONE}`,
      `/${businessAccountId}?fields=${ACCOUNT}`,
      `/${appId}?fields=id,name,namespace,category,link,icon_url,app_domains`,
      "/app?fields=id,name",
      "/me?fields=id,name,email,client_business_id,businesses,permissions",
    ];
    for (const path of ok) expect((await ask(path)).json.error, path).toBeUndefined();
    const file = await upload({ emulator, ask }, new File(["x"], "a.txt", { type: "text/plain" }));
    const media = file.json.id as string;
    expect((await ask(`/${media}?fields=mime_type`)).json).toEqual({ mime_type: "text/plain", id: media });
    const wrong: [path: string, field: string, type: string][] = [
      [phoneNumberId, "message_templates", "WhatsAppBusinessPhoneNumber"],
      [businessAccountId, "display_phone_number", "WhatsAppBusinessAccount"],
      [appId, "verified_name", "Application"],
      ["me", "verified_name", "User"],
      [media, "verified_name", "WhatsAppMedia"],
    ];
    for (const [path, field, type] of wrong) {
      const { status, json } = await ask(`/${path}?fields=id,${field}`);
      expect([status, json.error.message]).toEqual([
        400,
        `(#100) Tried accessing nonexisting field (${field}) on node type (${type})`,
      ]);
    }
  });

  test("of the user lead to the business, and from there to the account", async () => {
    const { emulator, ask } = await startTestEmulator({ ...QUIET });
    const { json: me } = await ask("/me?fields=client_business_id");
    expect((await ask(`/${me.id}`)).json).toEqual({ name: "Emulated system user", id: me.id });
    expect((await ask(`/${me.client_business_id}`)).json).toEqual({
      name: "Emulated business",
      id: me.client_business_id,
    });
    const { json } = await ask(
      `/${me.client_business_id}/owned_whatsapp_business_accounts?fields=id,phone_numbers{id}`,
    );
    const { businessAccountId, phoneNumberId } = emulator.account;
    expect(json.data).toMatchObject([{ id: businessAccountId, phone_numbers: { data: [{ id: phoneNumberId }] } }]);
    const other = emulator.tokens.otherBusiness;
    expect((await ask(`/${me.client_business_id}`, { token: other })).json.error.error_subcode).toBe(33);
    expect((await ask(`/${me.id}`, { token: emulator.tokens.temporary })).json.error.error_subcode).toBe(33);
  });
});
