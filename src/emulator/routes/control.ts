/** The emulator's own routes under `/_wa-hook`: what a test or a script does to it from outside. No token is needed. */
import { millisecondsIn } from "../../duration.ts";
import { UsageError, WaHookError } from "../../errors.ts";
import { asItem } from "../../json.ts";
import { textAt } from "../call.ts";
import type { Failure } from "../options.ts";
import type { Emulator } from "../server.ts";

interface ControlRoute {
  method: "GET" | "POST";
  path: string;
  /** What it takes and does, for the list. */
  does: string;
  run(fields: Readonly<Record<string, unknown>>, emulator: Emulator): unknown;
}

/** Every one of them begins with this. */
export const CONTROL = "/_wa-hook";

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
    run: ({ ms }, emulator) => emulator.advance((millisecondsIn(String(ms), "ms") ?? ms) as number),
  },
  { method: "POST", path: `${CONTROL}/reset`, does: "as freshly started", run: (_, emulator) => emulator.reset() },
  {
    method: "GET",
    path: `${CONTROL}/requests`,
    does: "the newest thousand requests",
    run: (_, { requests }) => requests,
  },
  { method: "GET", path: `${CONTROL}/tokens`, does: "a token in each state", run: (_, { tokens }) => tokens },
];

const offers = controlRoutes.map(({ method, path, does }) => `${method} ${path}: ${does}`);

/** Status and JSON of the answer. */
export async function control(
  { method, path }: { method: string; path: string },
  fields: Readonly<Record<string, unknown>>,
  emulator: Emulator,
): Promise<{ status: number; json: unknown }> {
  const route = controlRoutes.find((each) => each.method === method && each.path === path);
  if (route === undefined) return { status: 404, json: { error: { message: `no ${method} ${path}`, has: offers } } };
  try {
    return { status: 200, json: (await route.run(fields, emulator)) ?? { success: true } };
  } catch (error) {
    if (!(error instanceof WaHookError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { status: 400, json: { error: { message: error.message, ...hint } } };
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
