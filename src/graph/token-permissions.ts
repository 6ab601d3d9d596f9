/** Which permissions a token has: as Meta lists them, and as using them shows. Source: Meta, `debug_token`, and its responses since June 2026. */
import { isRefusal } from "../errors.ts";
import type { Graph } from "./client.ts";
import { graphMessageOf, metaOf } from "./errors.ts";
import { MANAGEMENT, MESSAGING } from "./scopes.ts";
import type { TokenFacts } from "./token.ts";

/** The permissions that the Cloud API requires. Source: Meta, "Permissions", WhatsApp. */
export const SCOPES = [MESSAGING, MANAGEMENT];

export interface Permission {
  scope: string;
  /** `listed` by Meta; `used`, not listed but it works; `missing`; `unknown`, not listed and not tried. */
  state: "listed" | "used" | "missing" | "unknown";
  /** What was read with it, or why it was not tried or refused. */
  evidence?: string;
}

/** The assets that a permission can be tried on. */
export interface Assets {
  businessAccountId?: string;
  phoneNumberId?: string;
}

/**
 * The state of each wanted permission. One that Meta does not list is tried with one or two reads before it is called missing. Throws an
 * `UnavailableError` when Meta cannot be reached.
 */
export async function readPermissions(
  graph: Graph,
  facts: TokenFacts,
  { scopes, ...assets }: Assets & { scopes: readonly string[] },
): Promise<Permission[]> {
  const listed = new Set(listedScopes(facts));
  const waba = assets.businessAccountId ?? wabasIn(facts.granted)[0];
  const permissions: Permission[] = [];
  for (const scope of scopes) {
    if (listed.has(scope)) permissions.push({ scope, state: "listed" });
    else if (scope !== MANAGEMENT) permissions.push({ scope, state: "missing" });
    else permissions.push({ scope, ...(await tryManagement(graph, { waba, phone: assets.phoneNumberId })) });
  }
  return permissions;
}

/** The permissions that Meta lists for a token, in general or for single assets. */
export function listedScopes({ scopes, granted }: Pick<TokenFacts, "scopes" | "granted">): string[] {
  return [...new Set([...scopes, ...granted.map(({ scope }) => scope)])];
}

/** The WABAs that the token is limited to; empty when it is not limited. */
export function wabasIn(granted: TokenFacts["granted"]): string[] {
  return [...new Set(granted.filter(({ scope }) => SCOPES.includes(scope)).flatMap(({ targets = [] }) => targets))];
}

interface Targets {
  waba: string | undefined;
  phone: string | undefined;
}

async function tryManagement(graph: Graph, { waba, phone }: Targets): Promise<Omit<Permission, "scope">> {
  const attempts: [what: string, path: string, fields: string][] = [];
  if (waba !== undefined) attempts.push([`WABA ${waba}`, `${encodeURIComponent(waba)}/phone_numbers`, "id"]);
  if (phone !== undefined)
    attempts.push([`phone number ${phone}`, encodeURIComponent(phone), "id,display_phone_number"]);
  let refusal: string | undefined;
  for (const [what, path, fields] of attempts) {
    try {
      await graph.request({ path, query: { fields } });
      return { state: "used", evidence: what };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const reason = `${what}: ${graphMessageOf(error)}`;
      // A rate limit, or a locked account, shows nothing about the permission.
      if (!deniesPermission(error)) return { state: "unknown", evidence: reason };
      refusal ??= reason;
    }
  }
  return refusal === undefined ? { state: "unknown" } : { state: "missing", evidence: refusal };
}

/** Meta's codes of a missing permission: 3, 10, 200 to 299, and 100 with the subcode 33, for an asset that the token cannot see. */
function deniesPermission(error: Error): boolean {
  const { code = 0, subcode } = metaOf(error) ?? {};
  return code === 3 || code === 10 || (code >= 200 && code < 300) || (code === 100 && subcode === 33);
}
