/** Mistake: whoever asks gets the challenge back; the verify token is not compared. */
import { createServer } from "node:http";

import { createBot, hostname, isSigned, port, ready } from "../bot.js";
import { read } from "./read.js";

const bot = createBot();
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://app");
  if (pathname !== "/webhook") return response.writeHead(404).end();
  if (request.method === "GET") {
    return response.writeHead(200, { "content-type": "text/plain" }).end(searchParams.get("hub.challenge") ?? "");
  }
  const bytes = await read(request);
  if (bytes === undefined) return response.writeHead(413, { connection: "close" }).end();
  if (!isSigned(bytes, request.headers["x-hub-signature-256"])) return response.writeHead(401).end();
  response.writeHead(200).end();
  bot.answer(bytes);
});

server.listen(port, hostname, () => ready(server.address().port));
