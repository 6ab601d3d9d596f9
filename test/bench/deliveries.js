// Signed deliveries as Meta makes them, each with a message id of its own: the same one again would be a duplicate.
import { encodeWire, fixture, sign, signSha1 } from "../../dist/index.js";
import { APP_SECRET } from "./servers.js";

const { payload } = fixture("text");
const [{ id }] = payload.entry[0].changes[0].value.messages;
const wire = encodeWire(payload).toString("latin1");

/** The bundled text message as bytes, under another message id. */
export function bodyOf(messageId) {
  return Buffer.from(wire.replace(id, messageId), "latin1");
}

/** The headers that `wa-hook replay` sends with a body. */
export function headersOf(body) {
  return {
    "Content-Type": "application/json",
    Accept: "*/*",
    "User-Agent": "facebookexternalua",
    "X-Hub-Signature": signSha1(body, APP_SECRET),
    "X-Hub-Signature-256": sign(body, APP_SECRET),
  };
}

/** So many different deliveries, as the bytes of whole HTTP requests. */
export function requests(count) {
  return Array.from({ length: count }, (_, index) => {
    const body = bodyOf(messageIdOf(index));
    const headers = Object.entries({ Host: "127.0.0.1", ...headersOf(body), "Content-Length": body.length });
    const head = ["POST /webhook HTTP/1.1", ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join(
      "\r\n",
    );
    return Buffer.concat([Buffer.from(head, "latin1"), body]);
  });
}

export function messageIdOf(index) {
  return `wamid.${Buffer.from(`16505551234 benchmark ${String(index).padStart(8, "0")}`).toString("base64")}`;
}
