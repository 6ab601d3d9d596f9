// The endpoint of a Flow on bare node:http, written after the steps of Meta's guide. The path is the mistake that it makes: POST /cbc
// encrypts its responses with AES-CBC, and POST / is correct.
// Settings: PORT, WHATSAPP_APP_SECRET, FLOW_PRIVATE_KEY (PEM), FLOW_PASSPHRASE.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
  timingSafeEqual,
} from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const { PORT = "3000", WHATSAPP_APP_SECRET = "", FLOW_PRIVATE_KEY = "", FLOW_PASSPHRASE } = process.env;
const privateKey = createPrivateKey({ key: FLOW_PRIVATE_KEY, passphrase: FLOW_PASSPHRASE });
const { privateKey: otherKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const EXPIRED = "expired-token";

/** An error that is an HTTP status. */
class Status extends Error {
  constructor(status, body = "") {
    super(body);
    this.status = status;
  }
}

const invert = (iv) => Buffer.from(iv.map((byte) => ~byte));

function verify(body, header, mistake) {
  if (mistake === "signature-not-checked") return;
  const signed = mistake === "signature-parsed-body" ? JSON.stringify(JSON.parse(body)) : body;
  const expected = Buffer.from(`sha256=${createHmac("sha256", WHATSAPP_APP_SECRET).update(signed).digest("hex")}`);
  const received = Buffer.from(header);
  const valid = expected.length === received.length && timingSafeEqual(expected, received);
  if (!valid || mistake === "signature-refused") throw new Status(mistake === "signature-401" ? 401 : 432);
}

function unwrap(encrypted, mistake) {
  const key = mistake === "key-pair" ? otherKey : privateKey;
  const oaepHash = mistake === "oaep-sha1" ? "sha1" : "sha256";
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, encrypted);
}

function open(data, key, iv, mistake) {
  if (mistake === "request-cbc") {
    const decipher = createDecipheriv("aes-128-cbc", key, iv);
    return decipher.update(data, undefined, "utf8") + decipher.final("utf8");
  }
  const used = mistake === "request-iv-flipped" ? invert(iv) : mistake === "request-iv-short" ? iv.subarray(0, 12) : iv;
  const decipher = createDecipheriv(mistake === "aes-256" ? "aes-256-gcm" : "aes-128-gcm", key, used);
  if (mistake === "request-tag-kept") return decipher.update(data, undefined, "utf8");
  const text = decipher.update(data.subarray(0, -16), undefined, "utf8");
  if (mistake === "tag-not-checked") return text;
  decipher.setAuthTag(data.subarray(-16));
  return text + decipher.final("utf8");
}

function decrypt(request, mistake) {
  const [data, wrapped, iv] = ["encrypted_flow_data", "encrypted_aes_key", "initial_vector"].map((name) =>
    Buffer.from(request[name], "base64"),
  );
  try {
    const key = unwrap(wrapped, mistake);
    return { flow: JSON.parse(open(data, key, iv, mistake)), key, iv };
  } catch (error) {
    throw new Status(mistake === "no-421" ? 500 : 421, String(error));
  }
}

function encrypt(response, key, iv, mistake) {
  const text = mistake === "not-json" ? response.data.status : JSON.stringify(response);
  if (mistake === "json") return text;
  if (mistake === "cbc") {
    const cipher = createCipheriv("aes-128-cbc", key, invert(iv));
    return Buffer.concat([cipher.update(text), cipher.final()]).toString("base64");
  }
  const used = mistake === "iv-not-flipped" ? iv : mistake === "iv-short" ? invert(iv).subarray(0, 12) : invert(iv);
  const cipher = createCipheriv(key.length === 32 ? "aes-256-gcm" : "aes-128-gcm", key, used);
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  const tag = cipher.getAuthTag();
  if (mistake === "tag-missing") return sealed.toString("base64");
  const bytes = Buffer.concat(mistake === "tag-first" ? [tag, sealed] : [sealed, tag]);
  if (mistake === "hex") return bytes.toString("hex");
  if (mistake === "base64url") return bytes.toString("base64url");
  if (mistake === "base64-twice") return Buffer.from(bytes.toString("base64")).toString("base64");
  const base64 = bytes.toString("base64");
  if (mistake === "json-string") return JSON.stringify(base64);
  return mistake === "json-wrapped" ? JSON.stringify({ response: base64 }) : base64;
}

function respond({ action, screen, data = {}, flow_token }, mistake) {
  if (action === "ping") return mistake === "no-ping" ? { screen: "START", data: {} } : { data: { status: "active" } };
  if (data.error !== undefined) {
    return mistake === "error-not-acknowledged" ? { screen: "START", data: {} } : { data: { acknowledged: true } };
  }
  if (flow_token === EXPIRED && mistake !== "no-427") throw new Status(427, '{"error_msg":"This form has ended."}');
  if (action === "INIT" || action === "BACK") return { screen: "START", data: { slots: ["10:00", "11:00"] } };
  if (action !== "data_exchange") return { data: {} };
  if (mistake === "no-exchange") return { data: {} };
  if (screen === "START" && data.slot === undefined) return { screen, data: { error_message: "Choose a time" } };
  if (screen === "START") return { screen: "CONFIRM", data: { slot: data.slot } };
  return { screen: "SUCCESS", data: { extension_message_response: { params: { flow_token, slot: data.slot } } } };
}

async function handle(request, response) {
  const mistake = request.url.slice(1);
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (mistake === "body-limit" && size > 100_000) throw new Status(413);
  }
  const body = Buffer.concat(chunks);
  verify(body, request.headers["x-hub-signature-256"] ?? "", mistake);
  const { flow, key, iv } = decrypt(JSON.parse(body), mistake);
  if (mistake === "slow" && flow.action === "INIT") await sleep(1100);
  const answer = encrypt(respond(flow, mistake), key, iv, mistake);
  response.writeHead(200, { "content-type": "text/plain" }).end(answer);
}

createServer((request, response) => {
  handle(request, response).catch((error) => response.writeHead(error.status ?? 500).end(error.message));
}).listen(Number(PORT), "127.0.0.1", function listening() {
  console.log(`listening on http://127.0.0.1:${this.address().port}/`);
});
