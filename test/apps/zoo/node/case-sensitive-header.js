/** Mistake: looks the header up in lower case in the names as they were sent: right behind an HTTP/2 proxy, wrong without one. */
import { createServer } from "node:http";

import { challengeFor, createBot, hostname, isSigned, port, ready } from "../bot.js";
import { read } from "./read.js";

const bot = createBot();
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://app");
  if (pathname !== "/webhook") return response.writeHead(404).end();
  if (request.method === "GET") {
    const challenge = challengeFor(Object.fromEntries(searchParams));
    return response.writeHead(challenge === undefined ? 403 : 200, { "content-type": "text/plain" }).end(challenge);
  }
  const bytes = await read(request);
  if (bytes === undefined) return response.writeHead(413, { connection: "close" }).end();
  const at = request.rawHeaders.indexOf("x-hub-signature-256");
  const repeated = request.rawHeaders.indexOf("x-hub-signature-256", at + 1) !== -1;
  if (at === -1 || repeated || !isSigned(bytes, request.rawHeaders[at + 1])) return response.writeHead(401).end();
  response.writeHead(200).end();
  bot.answer(bytes);
});

server.listen(port, hostname, () => ready(server.address().port));
