/** From a request to the routes of its path. */
import type { RequestListener } from "node:http";

import { PatternRouter } from "hono/router/pattern-router";

import { pathOf } from "./call.ts";
import { exchange } from "./exchange.ts";
import { routes } from "./routes/index.ts";
import type { Route } from "./routes/route.ts";
import type { State } from "./state.ts";

interface Present {
  state: State;
  latencyMs: number;
}

/** Each as `POST /{phone-id}/messages`. */
const OFFERS = routes
  .map(({ method, path, node }) => `${method} ${path.replace(":id", `{${node ?? ""}-id}`)}`)
  .join(", ");

/** `present` says what is so when a request comes. Of hono only its router is needed: the answers are written to the socket directly. */
export function routeRequests(present: () => Present): RequestListener {
  const router = new PatternRouter<readonly Route[]>();
  const paths = [...new Set(routes.map((route) => route.path))];
  // `/me` must not be taken for an id.
  for (const path of paths.toSorted((a, b) => Number(a.startsWith("/:")) - Number(b.startsWith("/:")))) {
    router.add(
      "ALL",
      path,
      routes.filter((route) => route.path === path),
    );
  }
  return (request, response) => {
    const [[[found, parameters] = [[], {}]]] = router.match("ALL", pathOf(request.url ?? ""));
    const { id = "" } = parameters as { id?: string };
    void exchange(request, response, { ...present(), routes: found, id, offers: OFFERS });
  };
}
