// The least that could stand in for the Graph API: reads the message and answers with an id. Nothing is checked, kept or delivered.
import { createServer } from "node:http";

let count = 0;

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { to } = JSON.parse(Buffer.concat(chunks).toString());
    const answer = {
      messaging_product: "whatsapp",
      contacts: [{ input: to, wa_id: to.slice(1) }],
      messages: [{ id: `wamid.${(++count).toString(36)}` }],
    };
    const body = JSON.stringify(answer);
    response
      .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
      .end(body);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
