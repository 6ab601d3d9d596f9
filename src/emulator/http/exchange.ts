/** Handles one Graph API request: authenticates, reads the body, runs the route, responds and logs. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import type { ByteBudget } from "../../http/byte-budget.ts";
import type { Caller } from "../account/access.ts";
import type { EmulatedRequest } from "../event.ts";
import type { Route } from "../routes/route.ts";
import type { State } from "../state.ts";
import { ignoredIn, MAX_BODY_BYTES, readCall, type Call, type Head } from "./call.ts";
import {
  bytesOf,
  invalid,
  metaHeaders,
  GraphErrorResponse,
  errorHeaders,
  type GraphResponse,
} from "./graph-response.ts";
import { isTooLarge, redact, redactedBody } from "./redact.ts";
import { respond } from "./respond.ts";
import { ROUTE_LIST, routesAt } from "./router.ts";

interface ExchangeOptions {
  head: Head;
  state: State;
  latencyMs: number;
  /** Shared by all bodies that are being received. */
  budget: ByteBudget;
}

interface Outcome {
  response: GraphResponse;
  error?: GraphErrorResponse;
  ignored: readonly string[];
}

/** Responds to the request and logs it. Never rejects because of the request's content. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  { head, state, latencyMs, budget }: ExchangeOptions,
): Promise<void> {
  const trace = state.ids.trace();
  // The delay precedes reading the body, so that no body is held in memory during it.
  if (latencyMs > 0) await sleep(latencyMs);
  const match = matchRoutes(head);
  let call: Call | undefined;
  let outcome: Outcome;
  try {
    const maxBytes = maxBodyBytes(head, match, state);
    call = await readCall(request, head, { id: match.id, maxBytes, response, budget });
    outcome = await runRoute(call, match, state);
  } catch (thrown) {
    const error = thrown instanceof GraphErrorResponse ? thrown : internalError(thrown, state);
    outcome = { response: { status: error.http, json: error.body(trace.trace) }, error, ignored: [] };
  }
  const { response: graphResponse, error, ignored } = outcome;
  const { businessAccountId } = state.account;
  const bytes = bytesOf(graphResponse);
  const headers = {
    ...metaHeaders({ trace, version: head.version, now: state.clock.now() }, businessAccountId),
    ...(error === undefined ? {} : errorHeaders(error, businessAccountId)),
    ...(ignored.length === 0 ? {} : { "x-wa-hook-ignored": ignored.map(encodeURIComponent).join(", ") }),
    ...graphResponse.headers,
    "content-length": bytes.length,
  };
  state.log.request(recordOf(call ?? head, outcome, state.clock.now()), sizeOf(request, call));
  if (!response.destroyed) respond(request, response, { status: graphResponse.status, headers, bytes });
}

/** The routes that match a request. */
interface RouteMatch {
  /** By path, for any method. */
  onPath: readonly Route[];
  /** By path and method. */
  routes: readonly Route[];
  /** The first segment of the path. */
  id: string;
}

function matchRoutes({ path, method }: Head): RouteMatch {
  const { routes: onPath, id } = routesAt(path);
  // Node.js omits the body of a response to HEAD.
  const effective = method === "HEAD" ? "GET" : method;
  return { onPath, routes: onPath.filter((route) => route.method === effective), id };
}

/**
 * The body limit of the request. Throws a `GraphErrorResponse` for an unknown path or an invalid token before the body is read. Without
 * a token in the head, only a small body is allowed, because the token may be in it.
 */
function maxBodyBytes(head: Head, match: RouteMatch, state: State): number {
  if (match.onPath.length === 0) throw unknownPath(head);
  if (head.token === undefined || match.routes.some(({ node }) => node === undefined)) return MAX_BODY_BYTES;
  const { maxBytes = MAX_BODY_BYTES } = authorizedRoute(
    { id: match.id, method: head.method, token: head.token },
    match,
    state,
  );
  return maxBytes;
}

/** The requested route. Throws a `GraphErrorResponse` when there is none or the caller is not authorized to use it. */
function authorizedRoute(caller: Caller, { onPath, routes }: RouteMatch, { access }: State): Route {
  const node = routes.some((each) => each.node !== undefined) ? access.nodeOf(caller.id) : undefined;
  const route = routes.find((each) => each.node === undefined || each.node === node);
  if (route === undefined) access.tokenOf(caller);
  else if (route.node !== undefined) access.check(caller, route.node, route.scope);
  if (route === undefined) throw access.notFound(caller, methodsOf(onPath));
  return route;
}

async function runRoute(call: Call, match: RouteMatch, state: State): Promise<Outcome> {
  const route = authorizedRoute(call, match, state);
  if (call.body.malformed !== undefined) throw invalid("Invalid parameter", call.body.malformed);
  state.failures.maybeFail(route.category);
  return { response: await route.run(call, state), ignored: ignoredIn(call.query, route.query ?? []) };
}

/** For example `supported by the emulator: GET on a phone, POST on a phone`. */
function methodsOf(routes: readonly Route[]): string {
  return `supported by the emulator: ${routes.map(({ method, node = "" }) => `${method} on a ${node}`).join(", ")}`;
}

function unknownPath({ path }: Head): GraphErrorResponse {
  const [, ...parts] = path.split("/");
  const unknown = parts.length > 1 ? parts.slice(1) : parts;
  return new GraphErrorResponse(2500, {
    message: `Unknown path components: /${unknown.join("/")}`,
    userTitle: "The wa-hook emulator supports a subset of the Graph API",
    userMessage: `supported by the emulator: ${ROUTE_LIST}`,
  });
}

function internalError(error: unknown, { log, clock }: State): GraphErrorResponse {
  const userMessage = log.reportBug(error, clock.now());
  return new GraphErrorResponse(1, { message: "An unknown error has occurred.", http: 500, userMessage });
}

/** The approximate size of a logged request in memory, in bytes. */
function sizeOf({ url = "" }: IncomingMessage, call: Call | undefined): number {
  return url.length + (call === undefined || isTooLarge(call.body) ? 0 : call.body.size);
}

function recordOf(call: Call | Head, { response, error, ignored }: Outcome, at: number): EmulatedRequest {
  const { method, path, version, query } = call;
  const { kind, summary, id } = ("message" in call ? call.message : undefined) ?? {};
  return {
    at,
    method,
    path,
    version,
    query: redact(query),
    ...("body" in call && Object.keys(call.body.fields).length > 0 ? { body: redactedBody(call.body) } : {}),
    status: response.status,
    ...(kind === undefined ? {} : { kind }),
    ...(summary === undefined ? {} : { summary }),
    ...(id === undefined ? {} : { messageId: id }),
    ...(error === undefined ? {} : { error: errorOf(error) }),
    ...(ignored.length === 0 ? {} : { ignored: [...ignored] }),
  };
}

function errorOf({
  code,
  message,
  options: { subcode, details, userTitle, userMessage },
}: GraphErrorResponse): NonNullable<EmulatedRequest["error"]> {
  // Template management has its cause in the texts for people.
  const cause = details ?? (subcode === undefined || userTitle === undefined ? undefined : userMessage);
  return {
    code,
    message,
    ...(subcode === undefined ? {} : { subcode }),
    ...(cause === undefined ? {} : { details: cause }),
  };
}
