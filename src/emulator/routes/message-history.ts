/** The delivery history of message webhooks. Source: Meta, "Message History API". */
import { MANAGEMENT } from "../account/tokens.ts";
import { ok, invalid } from "../http/graph-response.ts";
import type { Route } from "./route.ts";

const LIMIT = 25;

export const messageHistoryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/:id/message_history",
    node: "phone",
    scope: MANAGEMENT,
    query: ["message_id", "fields", "limit"],
    run: ({ query }, { history }) => {
      const limit = Number(query["limit"] ?? LIMIT);
      if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100) throw invalid("Param limit must be from 1 to 100.");
      return ok({ data: history.list({ message: query["message_id"], limit }) });
    },
  },
];
