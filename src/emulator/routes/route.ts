/** The type of a route: its path, the required permissions and the handler. */
import type { Node } from "../account/access.ts";
import type { Call } from "../http/call.ts";
import type { GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";

/** The query parameters of a list. */
export const PAGE_QUERY = ["limit", "after", "before"] as const;

export interface Route {
  method: "GET" | "POST" | "DELETE";
  /** Without the version, `:id` for an id: `/:id/messages`. */
  path: string;
  /** The kind of object that the id must refer to; the token needs access to it. Without `node`, the route checks the token itself. */
  node?: Node;
  /** The permission that the token must have. */
  scope?: string;
  /** The query parameters that the route supports. */
  query?: readonly string[];
  /** The category for failure injection. */
  category?: "messages" | "media";
  maxBytes?: number;
  /** Whether the body is bytes rather than fields. */
  raw?: boolean;
  /** What differs from Meta, for docs/graph-api.md; without it the route is emulated whole. */
  partly?: string;
  run(call: Call, state: State): GraphResponse | Promise<GraphResponse>;
}
