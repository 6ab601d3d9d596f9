/** The emulator's control API under `/_wa-hook`, for tests and scripts in any language. It requires no token. */
import type { IncomingMessage, ServerResponse } from "node:http";

import { parseDuration } from "../../duration.ts";
import { UsageError, WaHookError } from "../../errors.ts";
import type { ByteBudget } from "../../http/byte-budget.ts";
import { asJsonObject } from "../../json.ts";
import { CUSTOMER_ACTIONS, type CustomerAction } from "../customer-action.ts";
import type { Emulator } from "../emulator.ts";
import { mediaTypeOf } from "../http/body.ts";
import { readCall, textAt, type Head } from "../http/call.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import { jsonResponse, errorResponse, respond } from "../http/respond.ts";
import type { Failure } from "../options.ts";
import { stories } from "../stories/index.ts";

interface ControlRoute {
  method: "GET" | "POST";
  path: string;
  /** The parameters and the effect, for the list of routes. */
  description: string;
  run(fields: Readonly<Record<string, unknown>>, emulator: Emulator, tokens: object): unknown;
}

/** The prefix of all control routes. */
const CONTROL = "/_wa-hook";
/** Allows the longest text message with all characters escaped. */
const MAX_BYTES = 512 * 1024;

export function isControl(path: string): boolean {
  return path === CONTROL || path.startsWith(`${CONTROL}/`);
}

const controlRoutes: readonly ControlRoute[] = [
  {
    method: "GET",
    path: CONTROL,
    description: "list these routes",
    run: (_, { url }) => ({ url, routes: routeList }),
  },
  {
    method: "POST",
    path: `${CONTROL}/messages`,
    description:
      'send a message as the customer: { "text": "…" } or { "message": { "type": "image" } }, optionally "from", "name", "username", ' +
      '"hideNumber": true and "to", a phone number ID',
    run: receive,
  },
  {
    method: "GET",
    path: `${CONTROL}/stories`,
    description: "list the stories that can be played",
    run: () => stories.map(({ name, summary, steps }) => ({ name, summary, fixtures: steps.map(([, each]) => each) })),
  },
  {
    method: "POST",
    path: `${CONTROL}/stories`,
    description: 'play a sequence of webhooks: { "story": "coexistence" } or "calling"',
    run: (fields, emulator) => emulator.play(textAt(fields, "story") ?? ""),
  },
  {
    method: "GET",
    path: `${CONTROL}/apps`,
    description: "list other subscribed apps with their generated secrets",
    run: (_, { otherApps }) => otherApps,
  },
  {
    method: "POST",
    path: `${CONTROL}/apps`,
    description: 'subscribe another app: { "webhook": "http://localhost:9000/webhook" }',
    run: (fields, emulator) => emulator.addApp(textAt(fields, "webhook") ?? ""),
  },
  {
    method: "POST",
    path: `${CONTROL}/customer`,
    description: `act as the customer: { "action": "call" }, optionally "from", "group", "signup", "flow" and "data"; actions: ${CUSTOMER_ACTIONS.join(", ")}`,
    run: async (fields, emulator) => ({ success: true, ...(await emulator.act(fields as unknown as CustomerAction)) }),
  },
  {
    method: "POST",
    path: `${CONTROL}/signup-code`,
    description: "get a code of embedded signup, to exchange at /oauth/access_token within 10 minutes",
    run: (_, emulator) => emulator.signupCode(),
  },
  {
    method: "POST",
    path: `${CONTROL}/fail`,
    description:
      'inject errors: { "code": 130429, "every": 3 }, { "code": 131056, "times": 2 } or { "code": 131026, "as": "status" }',
    run: (fields, emulator) => emulator.fail(fields as unknown as Failure),
  },
  {
    method: "POST",
    path: `${CONTROL}/advance`,
    description: 'advance the clock: { "ms": "25h" } or a number of milliseconds',
    run: ({ ms }, emulator) => emulator.advance(toMilliseconds(ms)),
  },
  {
    method: "POST",
    path: `${CONTROL}/templates`,
    description:
      'decide as Meta about a template: { "name": "…", "status": "APPROVED" }, or "REJECTED" with a "reason", "PAUSED", "DISABLED"; ' +
      '{ "name": "…", "quality": "RED" }; { "name": "…", "category": "MARKETING" }; optionally "language"',
    run: changeTemplate,
  },
  {
    method: "POST",
    path: `${CONTROL}/reset`,
    description: "restore the initial state",
    run: (_, emulator) => emulator.reset(),
  },
  {
    method: "GET",
    path: `${CONTROL}/requests`,
    description: "list the latest 1000 requests",
    run: (_, { requests }) => requests,
  },
  {
    method: "GET",
    path: `${CONTROL}/tokens`,
    description: "list a token in each state",
    run: (_, __, tokens) => tokens,
  },
];

const routeList = controlRoutes.map(({ method, path, description }) => `${method} ${path}: ${description}`);

interface ControlOptions {
  head: Head;
  emulator: Emulator;
  /** The tokens that the API may expose. */
  tokens: object;
  budget: ByteBudget;
}

/** Handles a request to the control API. */
export async function control(
  request: IncomingMessage,
  response: ServerResponse,
  { head, emulator, tokens, budget }: ControlOptions,
): Promise<void> {
  const { method, path } = head;
  const route = controlRoutes.find((each) => each.method === method && each.path === path);
  if (route === undefined) {
    respond(
      request,
      response,
      jsonResponse(404, { error: { message: `no route ${method} ${path}`, routes: routeList } }),
    );
    return;
  }
  try {
    const { body } = await readCall(request, head, { id: "", maxBytes: MAX_BYTES, response, budget });
    const type = mediaTypeOf(head.headers["content-type"] ?? "");
    const problem =
      body.size > 0 && type !== "application/json" ? "send content-type: application/json" : body.malformed;
    if (problem !== undefined) return respond(request, response, errorResponse(400, problem));
    const json = (await route.run(body.fields, emulator, tokens)) ?? { success: true };
    return respond(request, response, jsonResponse(200, json));
  } catch (error) {
    if (error instanceof GraphErrorResponse)
      return respond(request, response, errorResponse(error.http, error.message));
    if (!(error instanceof WaHookError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return respond(request, response, jsonResponse(400, { error: { message: error.message, ...hint } }));
  }
}

async function receive(fields: Readonly<Record<string, unknown>>, emulator: Emulator): Promise<object> {
  const { text, message, name, username, hideNumber } = fields;
  const [from, to] = [textAt(fields, "from"), textAt(fields, "to")];
  const content = typeof text === "string" ? text : asJsonObject(message);
  if (content === undefined) {
    throw new UsageError("the message is missing", { code: "emulate.message", hint: 'send { "text": "…" }' });
  }
  return emulator.receive(content, {
    ...(from === undefined ? {} : { number: from }),
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof username === "string" ? { username } : {}),
    ...(typeof hideNumber === "boolean" ? { hideNumber } : {}),
    ...(to === undefined ? {} : { to }),
  });
}

/** Values in any case. */
function changeTemplate(fields: Readonly<Record<string, unknown>>, emulator: Emulator): void {
  const name = textAt(fields, "name");
  if (name === undefined) {
    throw new UsageError("the name of the template is missing", {
      code: "emulate.template",
      hint: 'send { "name": "…", "status": "APPROVED" }',
    });
  }
  const given = ["status", "reason", "quality", "category"].flatMap((key) => {
    const value = textAt(fields, key);
    return value === undefined ? [] : [[key, value.toUpperCase()]];
  });
  const language = textAt(fields, "language");
  emulator.changeTemplate(name, { ...Object.fromEntries(given), ...(language === undefined ? {} : { language }) });
}

/** A number is in milliseconds; text has a unit, such as `2d`. */
function toMilliseconds(ms: unknown): number {
  return (typeof ms === "string" ? parseDuration(ms) : undefined) ?? (ms as number);
}
