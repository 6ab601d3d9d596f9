/** What a token may see: its app, business accounts and their phone numbers. Source: Meta, "WhatsApp Business Account" and "Phone number". */
import { isRefusal } from "../errors.ts";
import type { Item } from "../json.ts";
import type { Graph } from "./client.ts";
import { appToken, type AppCredentials } from "./token.ts";

/** What the ids of apps, accounts, phone numbers and media look like. */
export const ID_FORM = /^\d{5,25}$/;

/** Something at Meta, and the words in which people know it. */
export interface Asset {
  id: string;
  /** `Test Number`, `+1 555-078-3881 Test Number`; empty when Meta does not tell. */
  label: string;
}

/**
 * The app, asked with its own credentials. Throws a `CredentialsError` when they do not belong together; the code of Meta's is 101 when
 * there is no such app.
 */
export async function readApp(graph: Graph, app: AppCredentials): Promise<Asset> {
  await graph.request({
    path: "oauth/access_token",
    query: { grant_type: "client_credentials", client_id: app.appId, client_secret: app.appSecret },
    token: null,
  });
  try {
    const path = encodeURIComponent(app.appId);
    const { body } = await graph.request<Item>({ path, query: { fields: "name" }, token: appToken(app) });
    return asset({ ...body, id: app.appId }, ["name"]);
  } catch (error) {
    // That they belong together is known; the name is for people.
    if (isRefusal(error)) return { id: app.appId, label: "" };
    throw error;
  }
}

export async function readBusinessAccount(graph: Graph, id: string): Promise<Asset> {
  const { body } = await graph.request<Item>({ path: encodeURIComponent(id), query: { fields: "name" } });
  return asset({ id, ...body }, ["name"]);
}

const NUMBER = ["display_phone_number", "verified_name"] as const;

export async function readPhoneNumber(graph: Graph, id: string): Promise<Asset> {
  const { body } = await graph.request<Item>({ path: encodeURIComponent(id), query: { fields: NUMBER.join(",") } });
  return asset({ id, ...body }, NUMBER);
}

/** The first hundred of an account. */
export async function readPhoneNumbers(graph: Graph, businessAccountId: string): Promise<Asset[]> {
  const { body } = await graph.request<{ data?: Item[] }>({
    path: `${encodeURIComponent(businessAccountId)}/phone_numbers`,
    query: { fields: `id,${NUMBER.join(",")}`, limit: "100" },
  });
  return (body.data ?? []).map((each) => asset(each, NUMBER));
}

function asset(item: Item, names: readonly string[]): Asset {
  const words = names.map((name) => item[name]).filter((word) => typeof word === "string" && word !== "");
  return { id: String(item["id"]), label: words.join("  ") };
}
