import express from "express";

import { challengeOf, isSigned } from "./signature.js";

const app = express();

app.get("/webhook", (request, response) => {
  const challenge = challengeOf(request.query);
  if (challenge === undefined) response.sendStatus(403);
  else response.type("text/plain").send(challenge);
});

// express.raw leaves the bytes as they are. An app.use(express.json()) must come after this route.
app.post("/webhook", express.raw({ type: "application/json", limit: "4mb" }), (request, response) => {
  if (!isSigned(request.body, request.get("x-hub-signature-256"))) return response.sendStatus(401);
  response.sendStatus(200);
  handle(JSON.parse(request.body));
});

function handle(payload) {
  console.log(payload.entry.length, "entries"); // your bot
}

app.listen(process.env.PORT ?? 3000);
