/** Mistake: reads the phone number id of every value; the fields about the account have no metadata, and the exception is a 500. */
import { challengeFor, createBot, isSigned } from "../bot.js";
import { after, serve } from "./serve.js";

const bot = createBot();

export async function GET(request) {
  const challenge = challengeFor(Object.fromEntries(new URL(request.url).searchParams));
  return challenge === undefined ? new Response("Forbidden", { status: 403 }) : new Response(challenge);
}

export async function POST(request) {
  const bytes = Buffer.from(await request.arrayBuffer());
  if (!isSigned(bytes, request.headers.get("x-hub-signature-256")))
    return new Response("Unauthorized", { status: 401 });
  for (const { changes } of JSON.parse(bytes).entry) {
    for (const { value } of changes) console.error(`for ${value.metadata.phone_number_id}`);
  }
  after(() => bot.answer(bytes));
  return new Response("EVENT_RECEIVED");
}

serve({ GET, POST });
