/** Mistake: acknowledges before the body was read and verified, so that whoever sends anything gets a 200, and a lost delivery does not come again. */
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
  response.writeHead(200).end();
  const bytes = await read(request);
  if (isSigned(bytes, request.headers["x-hub-signature-256"])) bot.answer(bytes);
});

server.listen(port, hostname, () => ready(server.address().port));
