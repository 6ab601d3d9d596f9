/** From a request to the routes of its path. */
import type { RequestListener } from "node:http";

import type { HttpBindings } from "@hono/node-server";

import { pathOf } from "./call.ts";
import { exchange } from "./exchange.ts";
import { routes } from "./routes/index.ts";
import type { State } from "./state.ts";

interface Present {
  state: State;
  latencyMs: number;
}

/** Each as `POST /{phone-id}/messages`. */
const OFFERS = routes
  .map(({ method, path, node }) => `${method} ${path.replace(":id", `{${node ?? ""}-id}`)}`)
  .join(", ");

/** Tells the adapter that the answer is on its way. */
const ALREADY_SENT = new Response(null, { headers: { "x-hono-already-sent": "true" } });

/** `present` says what is so when a request comes. The libraries are loaded only now, when an emulator is started. */
export async function openRouter(present: () => Present): Promise<RequestListener> {
  const [{ Hono }, { getRequestListener }] = await Promise.all([import("hono"), import("@hono/node-server")]);
  const app = new Hono<{ Bindings: HttpBindings }>({
    getPath: (_, options) => pathOf(options?.env?.incoming.url ?? ""),
  });
  const paths = [...new Set(routes.map((route) => route.path))];
  // `/me` must not be taken for an id.
  for (const path of paths.toSorted((a, b) => Number(a.startsWith("/:")) - Number(b.startsWith("/:")))) {
    const found = routes.filter((route) => route.path === path);
    app.all(path, async ({ env, req }) => {
      await exchange(env.incoming, env.outgoing, {
        ...present(),
        routes: found,
        id: req.param("id") ?? "",
        offers: OFFERS,
      });
      return ALREADY_SENT;
    });
  }
  app.notFound(async ({ env }) => {
    await exchange(env.incoming, env.outgoing, { ...present(), routes: [], id: "", offers: OFFERS });
    return ALREADY_SENT;
  });
  // The answers are written to the socket directly, so the globals need no replacing.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  return (request, response) => void listener(request, response);
}
