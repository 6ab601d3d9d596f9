// The endpoint of a Flow on bare node:http, written after the steps of Meta's guide; with MISTAKE, it makes exactly that one.
// Settings: PORT, WHATSAPP_APP_SECRET, FLOW_PRIVATE_KEY (PEM), FLOW_PASSPHRASE.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  constants,
  privateDecrypt,
  timingSafeEqual,
} from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const { PORT = "3000", WHATSAPP_APP_SECRET = "", FLOW_PRIVATE_KEY = "", FLOW_PASSPHRASE, MISTAKE } = process.env;
const privateKey = createPrivateKey({ key: FLOW_PRIVATE_KEY, passphrase: FLOW_PASSPHRASE });
const EXPIRED = "expired-token";

/** An error that is an HTTP status. */
class Status extends Error {
  constructor(status, body = "") {
    super(body);
    this.status = status;
  }
}

function verify(body, header = "") {
  if (MISTAKE === "signature-not-checked") return;
  const expected = Buffer.from(`sha256=${createHmac("sha256", WHATSAPP_APP_SECRET).update(body).digest("hex")}`);
  const received = Buffer.from(header);
  const valid = expected.length === received.length && timingSafeEqual(expected, received);
  if (!valid) throw new Status(MISTAKE === "signature-401" ? 401 : 432);
}

function decrypt({ encrypted_flow_data, encrypted_aes_key, initial_vector }) {
  const hash = MISTAKE === "oaep-sha1" ? "sha1" : "sha256";
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const key = privateDecrypt({ key: privateKey, padding, oaepHash: hash }, Buffer.from(encrypted_aes_key, "base64"));
    const iv = Buffer.from(initial_vector, "base64");
    const data = Buffer.from(encrypted_flow_data, "base64");
    const decipher = createDecipheriv("aes-128-gcm", key, MISTAKE === "request-iv-flipped" ? invert(iv) : iv);
    let text = decipher.update(data.subarray(0, -16), undefined, "utf8");
    if (MISTAKE !== "tag-not-checked") {
      decipher.setAuthTag(data.subarray(-16));
      text += decipher.final("utf8");
    }
    return { request: JSON.parse(text), key, iv };
  } catch (error) {
    throw new Status(MISTAKE === "no-421" ? 500 : 421, String(error));
  }
}

function encrypt(response, key, iv) {
  const text = JSON.stringify(response);
  if (MISTAKE === "json") return text;
  if (MISTAKE === "cbc") {
    const cipher = createCipheriv("aes-128-cbc", key, invert(iv));
    return Buffer.concat([cipher.update(text), cipher.final()]).toString("base64");
  }
  const cipher = createCipheriv("aes-128-gcm", key, MISTAKE === "iv-not-flipped" ? iv : invert(iv));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  const base64 = Buffer.concat(MISTAKE === "tag-missing" ? [sealed] : [sealed, cipher.getAuthTag()]).toString("base64");
  return MISTAKE === "json-string" ? JSON.stringify(base64) : base64;
}

const invert = (iv) => Buffer.from(iv.map((byte) => ~byte));

function respond({ action, screen, data = {}, flow_token }) {
  if (action === "ping") return MISTAKE === "no-ping" ? { screen: "START", data: {} } : { data: { status: "active" } };
  if (data.error !== undefined) {
    return MISTAKE === "error-not-acknowledged" ? { screen: "START", data: {} } : { data: { acknowledged: true } };
  }
  if (flow_token === EXPIRED && MISTAKE !== "no-427") throw new Status(427, '{"error_msg":"This form has ended."}');
  if (action === "INIT" || action === "BACK") return { screen: "START", data: { slots: ["10:00", "11:00"] } };
  if (action !== "data_exchange") return { data: {} };
  if (screen === "START") return { screen: "CONFIRM", data: { slot: data.slot ?? "10:00" } };
  return { screen: "SUCCESS", data: { extension_message_response: { params: { flow_token, slot: data.slot } } } };
}

async function handle(request, response) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (MISTAKE === "body-limit" && size > 100_000) throw new Status(413);
  }
  const body = Buffer.concat(chunks);
  verify(body, request.headers["x-hub-signature-256"]);
  const { request: flow, key, iv } = decrypt(JSON.parse(body));
  if (MISTAKE === "slow") await sleep(1500);
  const answer = encrypt(respond(flow), key, iv);
  response.writeHead(200, { "content-type": "text/plain" }).end(answer);
}

createServer((request, response) => {
  handle(request, response).catch((error) => response.writeHead(error.status ?? 500).end(error.message));
}).listen(Number(PORT), "127.0.0.1", function listening() {
  console.log(`listening ${this.address().port}`);
});
