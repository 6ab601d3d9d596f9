/** The emulator's own routes under `/_wa-hook`: what a test or a script does to it from outside. No token is needed. */
import type { IncomingMessage, ServerResponse } from "node:http";

import { parseDuration } from "../../duration.ts";
import { UsageError, WaHookError } from "../../errors.ts";
import type { ByteBudget } from "../../http/byte-budget.ts";
import { asItem } from "../../json.ts";
import type { Emulator } from "../emulator.ts";
import { Refusal } from "../http/answer.ts";
import { mediaTypeOf } from "../http/body.ts";
import { readCall, textAt, type Head } from "../http/call.ts";
import { inJson, inOwnWords, respond } from "../http/respond.ts";
import type { Failure } from "../options.ts";

interface ControlRoute {
  method: "GET" | "POST";
  path: string;
  /** What it takes and does, for the list. */
  does: string;
  run(fields: Readonly<Record<string, unknown>>, emulator: Emulator, tokens: object): unknown;
}

/** Every one of them begins with this. */
const CONTROL = "/_wa-hook";
/** The longest text of a customer, escaped. */
const MAX_BYTES = 512 * 1024;

export function isControl(path: string): boolean {
  return path === CONTROL || path.startsWith(`${CONTROL}/`);
}

const controlRoutes: readonly ControlRoute[] = [
  {
    method: "GET",
    path: CONTROL,
    does: "this list",
    run: (_, { url }) => ({ url, has: offers }),
  },
  {
    method: "POST",
    path: `${CONTROL}/messages`,
    does: 'a customer writes: { "text": "…" } or { "message": { "type": "image" } }, with "from" and "name" if you like',
    run: receive,
  },
  {
    method: "POST",
    path: `${CONTROL}/fail`,
    does: 'answers with an error: { "code": 130429, "every": 3 } or { "code": 131056, "next": 2 }',
    run: (fields, emulator) => emulator.fail(fields as unknown as Failure),
  },
  {
    method: "POST",
    path: `${CONTROL}/advance`,
    does: 'moves the clock: { "ms": "25h" }, or a number of milliseconds',
    run: ({ ms }, emulator) => emulator.advance(toMilliseconds(ms)),
  },
  { method: "POST", path: `${CONTROL}/reset`, does: "as freshly started", run: (_, emulator) => emulator.reset() },
  {
    method: "GET",
    path: `${CONTROL}/requests`,
    does: "the newest thousand requests",
    run: (_, { requests }) => requests,
  },
  { method: "GET", path: `${CONTROL}/tokens`, does: "a token in each state", run: (_, __, tokens) => tokens },
];

const offers = controlRoutes.map(({ method, path, does }) => `${method} ${path}: ${does}`);

interface About {
  head: Head;
  emulator: Emulator;
  /** Those that may be read from outside. */
  tokens: object;
  budget: ByteBudget;
}

/** Answers what is asked of the emulator itself. */
export async function control(request: IncomingMessage, response: ServerResponse, about: About): Promise<void> {
  const { head, emulator, tokens, budget } = about;
  const { method, path } = head;
  const route = controlRoutes.find((each) => each.method === method && each.path === path);
  if (route === undefined) {
    respond(request, response, inJson(404, { error: { message: `no ${method} ${path}`, has: offers } }));
    return;
  }
  try {
    const { body } = await readCall(request, head, { id: "", maxBytes: MAX_BYTES, response, budget });
    const type = mediaTypeOf(head.headers["content-type"] ?? "");
    const problem =
      body.size > 0 && type !== "application/json" ? "send content-type: application/json" : body.malformed;
    if (problem !== undefined) return respond(request, response, inOwnWords(400, problem));
    const json = (await route.run(body.fields, emulator, tokens)) ?? { success: true };
    return respond(request, response, inJson(200, json));
  } catch (error) {
    if (error instanceof Refusal) return respond(request, response, inOwnWords(error.http, error.message));
    if (!(error instanceof WaHookError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return respond(request, response, inJson(400, { error: { message: error.message, ...hint } }));
  }
}

async function receive(fields: Readonly<Record<string, unknown>>, emulator: Emulator): Promise<object> {
  const { text, message, name } = fields;
  const from = textAt(fields, "from");
  const content = typeof text === "string" ? text : asItem(message);
  if (content === undefined) {
    throw new UsageError("nothing was written", { code: "emulate.message", hint: 'send { "text": "…" }' });
  }
  return emulator.receive(content, {
    ...(from === undefined ? {} : { number: from }),
    ...(typeof name === "string" ? { name } : {}),
  });
}

/** A number is in milliseconds; text has a unit, such as `2d`. */
function toMilliseconds(ms: unknown): number {
  return (typeof ms === "string" ? parseDuration(ms) : undefined) ?? (ms as number);
}
