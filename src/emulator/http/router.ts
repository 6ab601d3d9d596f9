/** From a path to its routes. */
import { PatternRouter } from "hono/router/pattern-router";

import { routes } from "../routes/index.ts";
import type { Route } from "../routes/route.ts";

/** What can be asked for, each as `POST /{phone-id}/messages`. */
export const OFFERS = routes
  .map(({ method, path, node }) => `${method} ${path.replace(":id", `{${node ?? ""}-id}`)}`)
  .join(", ");

/** Of hono only its router is needed: the answers are written to the socket directly. */
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

/** What is at a path, whatever the method; and the id that the path begins with. */
export function routesAt(path: string): { routes: readonly Route[]; id: string } {
  const [[[found, parameters] = [[], {}]]] = router.match("ALL", path);
  const { id = "" } = parameters as { id?: string };
  return { routes: found, id };
}
