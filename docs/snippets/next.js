// app/webhook/route.js
import { challengeOf, isSigned } from "./signature.js";

export async function GET(request) {
  const challenge = challengeOf(Object.fromEntries(new URL(request.url).searchParams));
  return challenge === undefined ? new Response("Forbidden", { status: 403 }) : new Response(challenge);
}

export async function POST(request) {
  const body = Buffer.from(await request.arrayBuffer());
  if (!isSigned(body, request.headers.get("x-hub-signature-256"))) return new Response("Unauthorized", { status: 401 });
  const payload = JSON.parse(body);
  // Your bot: in after() of next/server, or in a queue. A serverless function is frozen after its response.
  console.log(payload.entry.length, "entries");
  return new Response("OK");
}
