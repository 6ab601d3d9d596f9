/** Calls the route handlers of docs/snippets/next.js with a `Request`, as Next.js does. */
import { serve } from "@hono/node-server";

import { GET, POST } from "../../../docs/snippets/next.js";

const handlers = { GET, POST };

function route(request) {
  const isWebhook = new URL(request.url).pathname === "/webhook";
  if (!isWebhook) return new Response("Not Found", { status: 404 });
  return handlers[request.method]?.(request) ?? new Response("Method Not Allowed", { status: 405 });
}

serve({ fetch: route, port: Number(process.env.PORT) });
