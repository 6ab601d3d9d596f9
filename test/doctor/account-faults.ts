/** Causes that lie in the token, in the account and its other numbers, or in front of the callback. */
import { edges } from "../webhook/edges.ts";
import type { Env, Fault } from "./fault.ts";
import { altered, alteredBy, app, ask, meta } from "./meta.ts";

const HERE = "messages to +1 555-899-2008 should arrive at http://127.0.0.1:PORT/webhook";

/** Leaves a permission out of what Meta lists for the token. */
function unlisted(data: Record<string, unknown>): object {
  const keep = (scope: unknown) => scope !== "whatsapp_business_management";
  const granular = data["granular_scopes"] as { scope: string }[];
  return {
    data: {
      ...data,
      scopes: (data["scopes"] as string[]).filter(keep),
      granular_scopes: granular.filter(({ scope }) => keep(scope)),
    },
  };
}

/** The numbers of the WABA: the configured one, and another with these properties. */
function withNumber(other: object): Promise<{ env: Env }> {
  return alteredBy((path, answer) => {
    if (!path.includes("/phone_numbers")) return answer;
    const { data } = answer.json as { data: object[] };
    const live = {
      id: "555000111222333",
      display_phone_number: "+44 20 7946 0000",
      status: "CONNECTED",
      platform_type: "CLOUD_API",
      account_mode: "LIVE",
      webhook_configuration: {},
    };
    return { status: 200, json: { data: [...data, { ...live, ...other }] } };
  });
}

function withHealth(entity: object): Promise<{ env: Env }> {
  const entities = [{ entity_type: "WABA", id: "726841833107858", ...entity }];
  return altered({ at: /health_status/, with: { health_status: { entities } } });
}

export const accountFaults: readonly Fault[] = [
  {
    name: "Meta does not list a permission that the token has",
    concludes: `all checks passed: ${HERE}`,
    prepare: () =>
      alteredBy((path, answer) => {
        if (!path.includes("debug_token")) return answer;
        return { status: 200, json: unlisted((answer.json as { data: Record<string, unknown> }).data) };
      }),
  },
  {
    name: "the token lacks the permission to manage",
    concludes:
      "the diagnosis is incomplete because of the token's permissions: whatsapp_business_management is missing",
    prepare: () =>
      alteredBy((path, answer) => {
        if (path.includes("debug_token")) {
          return { status: 200, json: unlisted((answer.json as { data: Record<string, unknown> }).data) };
        }
        const message = "(#10) Application does not have permission for this action";
        return /\/\d+(\/phone_numbers|\/subscribed_apps)?\?/.test(path) && !path.includes("/674898769056688")
          ? { status: 403, json: { error: { code: 10, message } } }
          : answer;
      }),
  },
  {
    name: "Meta has locked the account",
    concludes: "no webhooks arrive because Meta has locked the account (WABA 726841833107858 BLOCKED: (#131031)",
    prepare: () =>
      withHealth({
        can_send_message: "BLOCKED",
        errors: [
          {
            error_code: 131_031,
            error_description: "The account is locked.",
            possible_solution: "Appeal in Business Support Home.",
          },
        ],
      }),
  },
  {
    name: "Meta refuses requests because the account is locked",
    concludes: "no webhooks arrive because Meta has locked the account ((#131031) Business Account locked)",
    prepare: () =>
      altered({
        at: /health_status/,
        with: { error: { code: 131_031, message: "(#131031) Business Account locked" } },
        status: 403,
      }),
  },
  {
    name: "Meta limits what the account sends",
    concludes: "no check failed, but Meta limits what is sent (WABA 726841833107858 LIMITED: (#141010)",
    prepare: () =>
      withHealth({
        can_send_message: "LIMITED",
        errors: [
          {
            error_code: 141_010,
            error_description: "The business is not verified.",
            possible_solution: "Verify the business in Business settings.",
          },
        ],
        additional_info: ["The limit is lifted after a review."],
      }),
  },
  {
    name: "Meta blocks what the account sends",
    concludes: "messages cannot be sent: WABA 726841833107858 BLOCKED",
    prepare: () => withHealth({ can_send_message: "BLOCKED" }),
  },
  {
    name: "another app is subscribed besides this one",
    concludes: `all checks passed: ${HERE}`,
    async prepare() {
      const emulator = await meta();
      const path = `${emulator.account.businessAccountId}/subscribed_apps`;
      await ask(emulator, { method: "POST", path, token: emulator.tokens.otherApp });
      return emulator;
    },
  },
  {
    name: "the test number has a callback, and a live number of the same account has none",
    concludes:
      "no check failed for the configured number, but another one needs attention (Number +44 20 7946 0000: no callback",
    prepare: () => withNumber({}),
  },
  {
    name: "the messages of a live number go elsewhere",
    concludes:
      "no check failed for the configured number, but another one needs attention (Number +44 20 7946 0000: WABA override",
    prepare: () =>
      withNumber({ webhook_configuration: { whatsapp_business_account: "https://production.example.com/webhook" } }),
  },
  {
    name: "another number of the account is not registered",
    concludes:
      "no check failed for the configured number, but another one needs attention (Number +44 20 7946 0000: PENDING",
    prepare: () => withNumber({ status: "PENDING", platform_type: "NOT_APPLICABLE" }),
  },
  {
    name: "another test number goes elsewhere",
    concludes: `all checks passed: ${HERE}`,
    prepare: () =>
      withNumber({ account_mode: "SANDBOX", webhook_configuration: { application: "https://example.com/webhook" } }),
  },
  {
    name: "the phone number belongs to another account",
    concludes: "webhooks may not arrive because the phone number 986179111878265",
    prepare: () => altered({ at: /\/phone_numbers/, with: { data: [{ id: "555000111222333" }] } }),
  },
  {
    name: "the token has another account, to which the app is not subscribed",
    concludes:
      "no check failed for this WABA, but the token has another one (Production (555000111222444): no app is subscribed",
    prepare: () =>
      alteredBy((path, answer, { account }) => {
        if (path.includes("/555000111222444/")) return { status: 200, json: { data: [] } };
        if (path.includes("/555000111222444")) return { status: 200, json: { name: "Production" } };
        if (!path.includes("debug_token")) return answer;
        const { data } = answer.json as { data: object };
        const target_ids = [account.businessAccountId, "555000111222444"];
        const granular_scopes = [{ scope: "whatsapp_business_messaging", target_ids }];
        return { status: 200, json: { data: { ...data, granular_scopes } } };
      }),
  },
  {
    name: "Cloudflare challenges requests to the callback",
    concludes: "webhooks may not arrive because Cloudflare demands a browser check (status 403)",
    prepare: async () => meta(await app({ between: edges["Cloudflare, managed challenge"] })),
  },
  {
    name: "a firewall lets the handshake pass and blocks deliveries",
    concludes: "webhooks may not arrive because AWS CloudFront blocks the request (status 403)",
    prepare: async () => meta(await app({ between: { ...edges["AWS CloudFront, blocked"], deliveriesOnly: true } })),
  },
  {
    name: "the server behind Cloudflare is down",
    concludes: "no webhooks arrive because Cloudflare cannot reach the app (status 522)",
    prepare: async () => meta(await app({ between: edges["Cloudflare, the server is down"] })),
  },
];
