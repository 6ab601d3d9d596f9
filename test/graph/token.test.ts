import { expect, onTestFinished, test } from "vitest";

import { Graph } from "../../src/graph/client.ts";
import { checkToken } from "../../src/graph/token-findings.ts";
import { inspectToken } from "../../src/graph/token.ts";
import { altered, emulated } from "../support/emulated.ts";
import { serve } from "../support/http.ts";

test.each([
  ["no error", { error: null }, {}],
  ["an empty error", { error: {} }, { error: { message: "no reason given" } }],
  ["an invalid permission", { granular_scopes: [null, { scope: "email" }] }, { granted: [{ scope: "email" }] }],
  ["ids as numbers", { app_id: 1, user_id: 2 }, { appId: "1", userId: "2" }],
])("a debug_token response with %s is parsed", async (_, data, facts) => {
  const { port } = await serve((_request, response) => response.end(JSON.stringify({ data })));
  const graph = new Graph({ url: `http://127.0.0.1:${port}`, version: "v25.0" });
  onTestFinished(() => graph.close());
  expect(await inspectToken(graph, "fake-token", undefined)).toMatchObject({ facts: { valid: false, ...facts } });
});

const [MESSAGING, MANAGEMENT] = ["whatsapp_business_messaging", "whatsapp_business_management"] as const;

interface Case {
  /** What `debug_token` lists for single assets. */
  granular?: { scope: string; target_ids?: string[] }[];
  /** Meta's error for reads of the WABA or of the phone number; without one the emulator responds. */
  waba?: object;
  phone?: object;
  /** The IDs in the settings. */
  known?: ("waba" | "phone")[];
}

/** The finding about the permission to manage, and the reads that it took. */
async function management({ granular = [], waba, phone, known = ["waba", "phone"] }: Case) {
  const emulator = await emulated();
  const { account } = emulator;
  const read: string[] = [];
  const url = await altered(emulator, (path, answer) => {
    if (path.includes("debug_token")) {
      const { data } = answer.json as { data: object };
      return { status: 200, json: { data: { ...data, scopes: [MESSAGING], granular_scopes: granular } } };
    }
    read.push(path.split("?", 1)[0] ?? "");
    const error = path.includes("/phone_numbers") ? waba : phone;
    return error === undefined ? answer : { status: 400, json: { error } };
  });
  const token = emulator.tokens.permanent;
  const graph = new Graph({ url, version: "v25.0", accessToken: token, appSecret: account.appSecret });
  onTestFinished(() => graph.close());
  const inspection = await inspectToken(graph, token, account);
  if (inspection === undefined) throw new Error("the emulator discloses the token");
  const findings = await checkToken(graph, inspection, {
    scopes: [MESSAGING, MANAGEMENT],
    now: 0,
    ...(known.includes("waba") ? { businessAccountId: account.businessAccountId } : {}),
    ...(known.includes("phone") ? { phoneNumberId: account.phoneNumberId } : {}),
  });
  const found = findings.find(({ expected }) => expected === MANAGEMENT);
  return { status: found?.status, got: found?.got, read: read.length };
}

const DENIED = { code: 10, message: "(#10) Application does not have permission for this action" };
const UNSEEN = { code: 100, error_subcode: 33, message: "Unsupported get request." };
const LIMITED = { code: 80_007, message: "(#80007) Rate limit hit" };

test.each<[string, Case, { status: string; got: RegExp; read: number }]>([
  [
    "listed for single WABAs only is had",
    { granular: [{ scope: MANAGEMENT, target_ids: ["726841833107858"] }] },
    { status: "pass", got: /^whatsapp_business_management$/, read: 0 },
  ],
  [
    "not listed is had when the WABA can be read",
    { granular: [{ scope: "business_management" }, { scope: "whatsapp_business_manage_events" }] },
    { status: "pass", got: /not listed by Meta, but it can read the WABA/, read: 1 },
  ],
  [
    "not listed is had when the WABA of another permission can be read",
    { known: [], granular: [{ scope: MESSAGING, target_ids: ["726841833107858"] }] },
    { status: "pass", got: /can read the WABA 726841833107858/, read: 1 },
  ],
  [
    "not listed is had when only the phone number is known and can be read",
    { known: ["phone"] },
    { status: "pass", got: /can read the phone number/, read: 1 },
  ],
  ["not listed is had when the ID of the WABA is wrong", { waba: UNSEEN }, { status: "pass", got: /phone/, read: 2 }],
  [
    "not listed is missing when Meta denies both reads",
    { waba: DENIED, phone: UNSEEN },
    { status: "fail", got: /is missing: Meta denies access to the WABA \d+: \(#10\)/, read: 2 },
  ],
  [
    "not listed is unknown after a rate limit",
    { waba: LIMITED },
    { status: "skip", got: /not checked: WABA \d+: \(#80007\)/, read: 1 },
  ],
  [
    "not listed is unknown without an asset to read",
    { known: [] },
    { status: "skip", got: /WHATSAPP_PHONE_NUMBER_ID are not set/, read: 0 },
  ],
])("a permission %s", async (_, given, { status, got, read }) => {
  expect(await management(given)).toEqual({ status, got: expect.stringMatching(got), read });
});
