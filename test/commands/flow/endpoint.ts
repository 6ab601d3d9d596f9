/** An endpoint of a Flow for tests of the command line; its path is the mistake that it makes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { decryptFlowRequest, encryptFlowResponse, type EncryptedFlowRequest } from "../../../src/flows/encryption.ts";
import { verify } from "../../../src/webhook/signature.ts";
import { serve } from "../../support/http.ts";

export const SECRET = "test-app-secret";

interface Request {
  action: string;
  screen?: string;
  data?: Record<string, unknown>;
  flow_token?: string;
}

/** Books a table; the key is read from the folder at each request. Resolves with the origin. */
export async function bookingEndpoint(cwd: string, passphrase?: string): Promise<string> {
  const { url } = await serve(async (request, response) => {
    const body = await text(request);
    const signature = request.headers["x-hub-signature-256"];
    if (!verify(Buffer.from(body), String(signature), SECRET)) return void response.writeHead(432).end();
    try {
      const key = readFileSync(join(cwd, ".wa-hook/flow-private.pem"), "utf8");
      const { payload, keys } = decryptFlowRequest(JSON.parse(body) as EncryptedFlowRequest, key, passphrase);
      if ((payload as Request).flow_token === "expired") return void response.writeHead(427).end();
      const used = request.url === "/iv-not-flipped" ? { ...keys, iv: keys.iv.map((byte) => ~byte) as Buffer } : keys;
      response.writeHead(200, { "content-type": "text/plain" });
      response.end(encryptFlowResponse(answerTo(payload as Request), used));
    } catch {
      response.writeHead(421).end("cannot decrypt");
    }
  });
  return new URL(url).origin;
}

function answerTo({ action, screen, data = {}, flow_token }: Request): object {
  if (action === "ping") return { data: { status: "active" } };
  if ("error" in data) return { data: { acknowledged: true } };
  if (screen === "NAME" && action === "data_exchange") {
    const params = { flow_token, name: data["name"] };
    return { screen: "SUCCESS", data: { extension_message_response: { params } } };
  }
  if (action === "data_exchange") return { screen: "NAME", data: { day: data["day"] ?? "friday" } };
  return { screen: "DAY", data: { days: ["friday", "saturday"] } };
}
