/** The assets that a token has access to: its app and its WABAs. Source: Meta, "WhatsApp Business Account". */
import { isRefusal } from "../errors.ts";
import { type JsonObject, stringAt } from "../json.ts";
import type { Graph } from "./client.ts";
import { appToken, type AppCredentials } from "./token.ts";

/** The form of the IDs of apps, WABAs, phone numbers and media. */
export const ID_FORM = /^\d{5,25}$/;

export interface Asset {
  id: string;
  /** Missing when Meta does not disclose it. */
  name?: string;
}

/**
 * Reads the app with its own credentials. Throws a `CredentialsError` when they do not match; Meta's code is 101 when there is no such
 * app.
 */
export async function readApp(graph: Graph, app: AppCredentials): Promise<Asset> {
  await graph.request({
    path: "oauth/access_token",
    query: { grant_type: "client_credentials", client_id: app.appId, client_secret: app.appSecret },
    token: null,
  });
  try {
    return await readNamed(graph, app.appId, appToken(app));
  } catch (error) {
    // The credentials have just been accepted, so a refusal concerns only the name.
    if (isRefusal(error)) return { id: app.appId };
    throw error;
  }
}

export async function readBusinessAccount(graph: Graph, id: string): Promise<Asset> {
  return readNamed(graph, id);
}

async function readNamed(graph: Graph, id: string, token?: string): Promise<Asset> {
  const { body } = await graph.request<JsonObject>({
    path: encodeURIComponent(id),
    query: { fields: "name" },
    ...(token === undefined ? {} : { token }),
  });
  const name = stringAt(body, "name");
  return { id, ...(name === undefined || name === "" ? {} : { name }) };
}
