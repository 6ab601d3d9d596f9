/** Mistake: the challenge comes back inside of a JSON object instead of as the whole body. */
import { challengeFor, createBot, isSigned } from "../bot.js";
import { after, serve } from "./serve.js";

const bot = createBot();

export async function GET(request) {
  const challenge = challengeFor(Object.fromEntries(new URL(request.url).searchParams));
  return challenge === undefined
    ? new Response("Forbidden", { status: 403 })
    : Response.json({ success: true, challenge });
}

export async function POST(request) {
  const bytes = Buffer.from(await request.arrayBuffer());
  if (!isSigned(bytes, request.headers.get("x-hub-signature-256")))
    return new Response("Unauthorized", { status: 401 });
  after(() => bot.answer(bytes));
  return new Response("EVENT_RECEIVED");
}

serve({ GET, POST });
