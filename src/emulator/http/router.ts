/** Matches paths to routes. */
import { PatternRouter } from "hono/router/pattern-router";

import { routes } from "../routes/index.ts";
import type { Route } from "../routes/route.ts";

/** The path of a route as `/{phone-id}/messages`, for people. */
export function readablePath({ path, node }: Route): string {
  return path.replace(":id", node === undefined ? "{id}" : `{${node}-id}`).replace(/:(\w+)/, "{$1}");
}

/** All routes, each as `POST /{phone-id}/messages`, for error messages. */
export const ROUTE_LIST = routes.map((route) => `${route.method} ${readablePath(route)}`).join(", ");

/** Only hono's router is used; responses are written with `node:http`. */
const router = new PatternRouter<readonly Route[]>();
const paths = [...new Set(routes.map((route) => route.path))];
// Static paths come first, so that `/me` does not match `/:id`.
for (const path of paths.toSorted((a, b) => Number(a.startsWith("/:")) - Number(b.startsWith("/:")))) {
  router.add(
    "ALL",
    path,
    routes.filter((route) => route.path === path),
  );
}

/** The routes of a path for all methods, and the id in the path. */
export function routesAt(path: string): { routes: readonly Route[]; id: string } {
  const [[[found, parameters] = [[], {}]]] = router.match("ALL", path);
  const { id = "" } = parameters as { id?: string };
  return { routes: found, id };
}
