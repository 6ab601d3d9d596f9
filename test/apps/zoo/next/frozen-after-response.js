/** Mistake: the work is left for after the response without `after`, and by then a serverless platform has frozen the instance. */
import { challengeFor, createBot, isSigned } from "../bot.js";
import { serve } from "./serve.js";

const bot = createBot();

export async function GET(request) {
  const challenge = challengeFor(Object.fromEntries(new URL(request.url).searchParams));
  return challenge === undefined ? new Response("Forbidden", { status: 403 }) : new Response(challenge);
}

export async function POST(request) {
  const bytes = Buffer.from(await request.arrayBuffer());
  if (!isSigned(bytes, request.headers.get("x-hub-signature-256")))
    return new Response("Unauthorized", { status: 401 });
  setImmediate(bot.answer, bytes);
  return new Response("EVENT_RECEIVED");
}

serve({ GET, POST });
