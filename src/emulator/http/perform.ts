/** Performs one Graph API request whose body was read: finds its route, authorizes the caller, runs it and turns errors into responses. */
import type { Caller } from "../account/access.ts";
import type { Route } from "../routes/route.ts";
import type { State } from "../state.ts";
import { isBatch, isLookup, runBatch, runLookup } from "./batch.ts";
import { ignoredIn, overridden, type Call, type Head } from "./call.ts";
import { GraphErrorResponse, invalid, type GraphResponse } from "./graph-response.ts";
import { ROUTE_LIST, routesAt } from "./router.ts";

export interface Outcome {
  /** The request as it was performed, once its body was read. */
  call?: Call;
  response: GraphResponse;
  error?: GraphErrorResponse;
  ignored: readonly string[];
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

/** The largest batch: 50 messages of the largest size are far below it in practice. */
const MAX_BATCH_BYTES = 1024 * 1024;

function matchRoutes({ path, method }: Head): RouteMatch {
  const { routes: onPath, id } = routesAt(path);
  // Node.js omits the body of a response to HEAD.
  const effective = method === "HEAD" ? "GET" : method;
  return { onPath, routes: onPath.filter((route) => route.method === effective), id };
}

/**
 * How the body is to be read. Throws a `GraphErrorResponse` for an unknown path or an invalid token before the body is read. Without a
 * token in the head, only a small body is allowed, because the token may be in it.
 */
export function bodyOptions(head: Head, state: State): Pick<Route, "maxBytes" | "raw"> {
  const { token } = head;
  if (head.path === "/" && head.method === "POST") {
    if (token !== undefined) state.tokens.requireValid(token);
    return token === undefined ? {} : { maxBytes: MAX_BATCH_BYTES };
  }
  if (isLookup(head)) return {};
  const match = matchRoutes(head);
  if (match.onPath.length === 0) throw unknownPath(head);
  if (token === undefined || match.routes.some(({ node }) => node === undefined)) return {};
  return authorizedRoute({ id: match.id, method: head.method, token }, match, state);
}

/** Performs the request, or the requests that it consists of; `onPart` gets each of these. Never rejects. */
export async function perform(
  given: Call,
  state: State,
  { trace, onPart }: { trace: string; onPart?: (outcome: Outcome) => void },
): Promise<Outcome> {
  const call = overridden(given);
  try {
    if (onPart !== undefined && (isBatch(call) || isLookup(call))) {
      const run = isBatch(call) ? runBatch : runLookup;
      const json = await run(call, async (part) => {
        const outcome = await perform(part, state, { trace });
        onPart(outcome);
        return outcome;
      });
      return { call, response: { status: 200, json }, ignored: [] };
    }
    return await runRoute(call, state);
  } catch (thrown) {
    return { call, ...failed(thrown, state, trace) };
  }
}

/** The outcome of an error; anything but a `GraphErrorResponse` is a bug, and reported as such. */
export function failed(thrown: unknown, state: State, trace: string): Outcome {
  const error = thrown instanceof GraphErrorResponse ? thrown : internalError(thrown, state);
  return { response: { status: error.http, json: error.body(trace) }, error, ignored: [] };
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

async function runRoute(call: Call, state: State): Promise<Outcome> {
  const match = matchRoutes(call);
  if (match.onPath.length === 0) throw unknownPath(call);
  call.id = match.id;
  const route = authorizedRoute(call, match, state);
  if (call.body.malformed !== undefined) throw invalid("Invalid parameter", call.body.malformed);
  state.failures.maybeFail(route.category);
  const response = await route.run(call, state);
  return { call, response, ignored: [...ignoredIn(call.query, route.query ?? []), ...(call.unknown ?? [])] };
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
