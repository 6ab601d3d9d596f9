/** `/api/conversations`, `/api/media`, and what one does as the customer. */
import type { Emulator } from "../../emulator/emulator.ts";
import { UsageError } from "../../errors.ts";
import { jsonResponse, problem, type LocalHandler, type LocalRequest, type Routes } from "../../http/local-routes.ts";
import { act, receive } from "../customer.ts";
import { composableKinds } from "../kinds.ts";
import { read } from "../read.ts";
import { customerAction, customerMessage } from "../scenarios.ts";
import { limitIn, textIn, type Parts } from "./parts.ts";

export function conversationRoutes({ sources, conversations, media }: Parts): Routes {
  return new Map<string, LocalHandler>([
    [
      "GET /api/conversations",
      async ({ query }: LocalRequest) => jsonResponse(await conversations.people(textIn(query, "search")?.trim())),
    ],
    [
      "GET /api/conversations/:customer",
      async ({ params, query }: LocalRequest) => {
        const { customer = "" } = params;
        return jsonResponse(
          await conversations.page(customer.slice(0, 200), limitIn(query, 200), textIn(query, "before", 40)),
        );
      },
    ],
    [
      "GET /api/media/:id",
      ({ params }: LocalRequest) => media.response(params["id"] ?? "") ?? problem(404, "there is no such file"),
    ],
    ["GET /api/kinds", () => jsonResponse(composableKinds())],
    [
      "POST /api/customer/messages",
      async ({ json }: LocalRequest) => {
        const emulator = needEmulator(sources.emulator);
        return jsonResponse(await receive(emulator, read(customerMessage, await json(), "the message")));
      },
    ],
    [
      "POST /api/customer/actions",
      async ({ json }: LocalRequest) => {
        const emulator = needEmulator(sources.emulator);
        return jsonResponse(await act(emulator, read(customerAction, await json(), "the action")));
      },
    ],
  ]);
}

/** Throws a `UsageError` when Meta's part is not played by the emulator. */
export function needEmulator(emulator: Emulator | undefined): Emulator {
  if (emulator !== undefined) return emulator;
  throw new UsageError("there is no emulated customer: these are deliveries of a real account", {
    code: "inspector.no-emulator",
    hint: "start wa-hook emulate, and use the page that it serves",
  });
}
