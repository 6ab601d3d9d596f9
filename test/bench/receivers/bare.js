// The least that a receiver can do: raw bytes, the signature, 200. It keeps nothing.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const [port] = process.argv.slice(2);
const secret = process.env.WHATSAPP_APP_SECRET;

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    response.statusCode = isSigned(Buffer.concat(chunks), request.headers["x-hub-signature-256"]) ? 200 : 401;
    response.end();
  });
}).listen(Number(port), "127.0.0.1");

function isSigned(body, header = "") {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
