/** One request to the Graph API, from its bytes to its answer; and into the list of requests. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import type { ByteBudget } from "../../http/byte-budget.ts";
import type { Asker } from "../account/access.ts";
import type { EmulatedRequest } from "../event.ts";
import type { Route } from "../routes/route.ts";
import type { State } from "../state.ts";
import { bytesOf, invalid, metaHeaders, Refusal, refusalHeaders, type Answer } from "./answer.ts";
import { ignoredIn, MAX_BODY_BYTES, readCall, type Call, type Head } from "./call.ts";
import { isTooLarge, told, withoutSecrets } from "./redact.ts";
import { respond } from "./respond.ts";
import { OFFERS, routesAt } from "./router.ts";

interface About {
  head: Head;
  state: State;
  latencyMs: number;
  /** Of all bodies that are being received. */
  budget: ByteBudget;
}

interface Decided {
  answer: Answer;
  refusal?: Refusal;
  ignored: readonly string[];
}

/** Answers and records. */
export async function exchange(request: IncomingMessage, response: ServerResponse, about: About): Promise<void> {
  const { head, state, latencyMs } = about;
  const trace = state.ids.trace();
  // Before the body is read, so that nothing is kept meanwhile.
  if (latencyMs > 0) await sleep(latencyMs);
  const place = placeOf(head);
  let call: Call | undefined;
  let decided: Decided;
  try {
    const maxBytes = admit(head, place, state);
    call = await readCall(request, head, { id: place.id, maxBytes, response, budget: about.budget });
    decided = await decide(call, place, state);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : bug(error, state);
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
  };
  state.log.request(recordOf(call ?? head, decided, state.clock.now()), weightOf(request, call));
  if (!response.destroyed) respond(request, response, { status: answer.status, headers, bytes });
}

/** What is at a path, whatever the method. */
interface Place {
  here: readonly Route[];
  /** Those of the method too. */
  routes: readonly Route[];
  /** The id that the path begins with. */
  id: string;
}

function placeOf({ path, method }: Head): Place {
  const { routes: here, id } = routesAt(path);
  // Of an answer to HEAD, Node.js sends the headers alone.
  const asked = method === "HEAD" ? "GET" : method;
  return { here, routes: here.filter((route) => route.method === asked), id };
}

/**
 * How large the body may be. Throws the answer that needs no body: to an unknown path, to a token that is no good. Who brings no token,
 * or brings it in the body, may send a small one.
 */
function admit(head: Head, place: Place, state: State): number {
  if (place.here.length === 0) throw unknownPath(head);
  if (head.token === undefined || place.routes.some(({ node }) => node === undefined)) return MAX_BODY_BYTES;
  const { maxBytes = MAX_BODY_BYTES } = routeFor({ ...place, method: head.method, token: head.token }, place, state);
  return maxBytes;
}

/** The route that is asked for. Throws the answer when there is none, or it may not be used. */
function routeFor(asker: Asker, { here, routes }: Place, { access }: State): Route {
  const node = routes.some((each) => each.node !== undefined) ? access.nodeOf(asker.id) : undefined;
  const route = routes.find((each) => each.node === undefined || each.node === node);
  if (route === undefined) access.tokenOf(asker);
  else if (route.node !== undefined) access.check(asker, route.node, route.scope);
  if (route === undefined) throw access.nothingAt(asker, methodsOf(here));
  return route;
}

async function decide(call: Call, place: Place, state: State): Promise<Decided> {
  const route = routeFor(call, place, state);
  if (call.body.malformed !== undefined) throw invalid("Invalid parameter", call.body.malformed);
  state.failures.strike(route.sort);
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

function bug(error: unknown, { log, clock }: State): Refusal {
  const userMessage = log.bug(error, clock.now());
  return new Refusal(1, { message: "An unknown error has occurred.", http: 500, userMessage });
}

/** What the record of a request takes in memory, in bytes of the request. */
function weightOf({ url = "" }: IncomingMessage, call: Call | undefined): number {
  return url.length + (call === undefined || isTooLarge(call.body) ? 0 : call.body.size);
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
