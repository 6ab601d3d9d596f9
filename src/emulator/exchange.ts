/** One request to the Graph API, from its bytes to its answer; and into the list of requests. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { reasonOf } from "../errors.ts";
import { bytesOf, invalid, metaHeaders, Refusal, refusalHeaders, type Answer } from "./answer.ts";
import { ignoredIn, MAX_BODY_BYTES, readCall, type Call, type Head } from "./call.ts";
import type { EmulatedRequest } from "./event.ts";
import { told, withoutSecrets } from "./redact.ts";
import { OFFERS, routesAt } from "./router.ts";
import type { Route } from "./routes/route.ts";
import type { State } from "./state.ts";

interface About {
  head: Head;
  state: State;
  latencyMs: number;
}

interface Decided {
  answer: Answer;
  refusal?: Refusal;
  ignored: readonly string[];
}

/** Answers and records. Never rejects. */
export async function exchange(request: IncomingMessage, response: ServerResponse, about: About): Promise<void> {
  const { head, state, latencyMs } = about;
  const { routes: here, id } = routesAt(head.path);
  // Of an answer to HEAD, Node.js sends the headers alone.
  const asked = head.method === "HEAD" ? "GET" : head.method;
  const routes = here.filter(({ method }) => method === asked);
  const trace = state.ids.trace();
  let call: Call | undefined;
  let decided: Decided;
  try {
    const maxBytes = routes.reduce((most, route) => Math.max(most, route.maxBytes ?? 0), MAX_BODY_BYTES);
    call = await readCall(request, head, { id, maxBytes });
    if (latencyMs > 0) await sleep(latencyMs);
    decided = await decide(call, { here, routes, state });
  } catch (error) {
    const refusal = error instanceof Refusal ? error : bug(error);
    decided = { answer: { status: refusal.http, json: refusal.body(trace.trace) }, refusal, ignored: [] };
  }
  const { answer, refusal, ignored } = decided;
  const { businessAccountId } = state.account;
  const bytes = bytesOf(answer);
  const headers = {
    ...metaHeaders({ trace, version: head.version, now: state.clock.now() }, businessAccountId),
    ...(refusal === undefined ? {} : refusalHeaders(refusal, businessAccountId)),
    ...(ignored.length === 0 ? {} : { "x-wa-hook-ignored": ignored.map(encodeURIComponent).join(", ") }),
    ...answer.headers,
    "content-length": bytes.length,
    // Whatever is left of a body that was not read must not be taken for the next request.
    ...(request.complete ? {} : { connection: "close" }),
  };
  state.log.request(recordOf(call ?? head, decided, state.clock.now()));
  if (!response.destroyed) response.writeHead(answer.status, headers).end(bytes);
}

/** `here`: the routes of the path; `routes`: those of the method too. */
async function decide(
  call: Call,
  { here, routes, state }: { here: readonly Route[]; routes: readonly Route[]; state: State },
): Promise<Decided> {
  const { access, failures } = state;
  if (here.length === 0) throw unknownPath(call);
  const node = routes.some((route) => route.node !== undefined) ? access.nodeOf(call.id) : undefined;
  const route = routes.find((each) => each.node === undefined || each.node === node);
  if (route === undefined) access.tokenOf(call);
  else if (route.node !== undefined) access.check(call, route.node, route.scope);
  if (route === undefined) throw access.nothingAt(call, methodsOf(here));
  if (call.body.malformed !== undefined) throw invalid("Invalid parameter", call.body.malformed);
  failures.strike(route.sort);
  return { answer: await route.run(call, state), ignored: ignoredIn(call.query, route.query ?? []) };
}

/** `the emulator has POST /:id/messages` */
function methodsOf(routes: readonly Route[]): string {
  return `the emulator has here: ${routes.map(({ method, node = "" }) => `${method} of a ${node}`).join(", ")}`;
}

/** What the emulator does not know it says, with what it knows. */
function unknownPath({ path }: Head): Refusal {
  const [, ...parts] = path.split("/");
  const unknown = parts.length > 1 ? parts.slice(1) : parts;
  return new Refusal(2500, {
    message: `Unknown path components: /${unknown.join("/")}`,
    userTitle: "wa-hook emulates a part of the Graph API",
    userMessage: `the emulator has: ${OFFERS}`,
  });
}

function bug(error: unknown): Refusal {
  const userMessage = `a bug in wa-hook, please report it: ${reasonOf(error)}`;
  return new Refusal(1, { message: "An unknown error has occurred.", http: 500, userMessage });
}

function recordOf(call: Call | Head, { answer, refusal, ignored }: Decided, at: number): EmulatedRequest {
  const { method, path, version, query } = call;
  const { kind, summary, id } = ("message" in call ? call.message : undefined) ?? {};
  return {
    at,
    method,
    path,
    version,
    query: withoutSecrets(query),
    ...("body" in call && Object.keys(call.body.fields).length > 0 ? { body: told(call.body) } : {}),
    status: answer.status,
    ...(kind === undefined ? {} : { kind }),
    ...(summary === undefined ? {} : { summary }),
    ...(id === undefined ? {} : { messageId: id }),
    ...(refusal === undefined ? {} : { error: errorOf(refusal) }),
    ...(ignored.length === 0 ? {} : { ignored: [...ignored] }),
  };
}

function errorOf({ code, message, about: { subcode, details } }: Refusal): NonNullable<EmulatedRequest["error"]> {
  return {
    code,
    message,
    ...(subcode === undefined ? {} : { subcode }),
    ...(details === undefined ? {} : { details }),
  };
}
