/** What a route is: an address of the Graph API, who may use it, and what it does. */
import type { Node } from "../account/access.ts";
import type { Answer } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import type { State } from "../state.ts";

export interface Route {
  method: "GET" | "POST" | "DELETE";
  /** Without the version, `:id` for an id: `/:id/messages`. */
  path: string;
  /** What the id has to stand for; the token must be good for it. Without it, the route looks at the token itself. */
  node?: Node;
  /** The permission that the token must have. */
  scope?: string;
  /** The query parameters that it looks at. */
  query?: readonly string[];
  /** Of which sort it is when errors are to be answered. */
  sort?: "messages" | "media";
  maxBytes?: number;
  run(call: Call, state: State): Answer | Promise<Answer>;
}
