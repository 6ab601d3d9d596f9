/** `/api/state`, `/api/events`, `/api/overview`, `/api/timeline`, `/api/requests`, and the controls of emulator and stand-in. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { jsonResponse, type LocalHandler, type LocalRequest, type Routes } from "../../http/local-routes.ts";
import type { EmulatorChange, RequestPage, State } from "../api.ts";
import { read } from "../read.ts";
import { MAX_MINUTES } from "../series.ts";
import type { ListenerSource, Sources } from "../sources.ts";
import { needEmulator } from "./conversations.ts";
import { limitIn, numberIn, type Parts } from "./parts.ts";

/** Longer than any client waits. */
const MAX_LATENCY_MS = 60_000;

const delay = z.union([z.number().min(0), z.literal(false)]).exactOptional();
const emulatorChange = z.object({
  advanceMs: z.number().min(0).exactOptional(),
  fail: z
    .object({
      code: z.number(),
      subcode: z.number().exactOptional(),
      every: z.number().exactOptional(),
      times: z.number().exactOptional(),
      on: z.enum(["messages", "media", "all"]).exactOptional(),
      as: z.enum(["response", "status"]).exactOptional(),
    })
    .exactOptional(),
  clearFailures: z.boolean().exactOptional(),
  statuses: z.object({ sent: delay, delivered: delay, read: delay, played: delay }).exactOptional(),
  latencyMs: z.number().min(0).max(MAX_LATENCY_MS).exactOptional(),
  window: z.enum(["open", "closed"]).exactOptional(),
});
const standInBody = z.object({ status: z.number(), body: z.string(), delayMs: z.number() });

export function stateRoutes(parts: Parts): Routes {
  const { sources, ledger, live } = parts;
  return new Map<string, LocalHandler>([
    ["GET /api/state", async () => jsonResponse(await stateOf(sources))],
    ["GET /api/events", (request: LocalRequest) => live.stream.open(request)],
    [
      "GET /api/overview",
      ({ query }: LocalRequest) =>
        jsonResponse(ledger.series.overview(Date.now(), numberIn(query, "minutes", [1, MAX_MINUTES]) ?? 15)),
    ],
    [
      "GET /api/timeline",
      ({ query }: LocalRequest) => {
        const minutes = numberIn(query, "minutes", [1, MAX_MINUTES]) ?? 60;
        return jsonResponse(ledger.attempts.timeline(Date.now() - minutes * 60_000));
      },
    ],
    ["GET /api/requests", ({ query }: LocalRequest) => jsonResponse(requestsOf(query, parts))],
    [
      "PUT /api/emulator",
      async ({ json }: LocalRequest) => {
        const emulator = needEmulator(sources.emulator);
        const wanted: EmulatorChange = read(emulatorChange, await json(), "the change");
        const { advanceMs, fail, ...change } = wanted;
        emulator.change(change);
        if (fail !== undefined) emulator.fail(fail);
        if (advanceMs !== undefined) emulator.advance(advanceMs);
        live.emit({ source: "state" });
        return jsonResponse(emulatorState(sources));
      },
    ],
    [
      "PUT /api/stand-in",
      async ({ json }: LocalRequest) => {
        const { standIn } = sources;
        if (standIn === undefined) {
          throw new UsageError("the response cannot be set: an app responds, or deliveries are not forwarded", {
            code: "inspector.stand-in",
          });
        }
        standIn.response = read(standInBody, await json(), "the response");
        live.emit({ source: "state" });
        return jsonResponse(standIn.response);
      },
    ],
  ]);
}

async function stateOf(sources: Sources): Promise<State> {
  const { command, version, listener, standIn, app } = sources;
  const emulator = emulatorState(sources);
  return {
    command,
    version,
    emulated: emulator !== undefined,
    ...(listener === undefined ? {} : { listener: await listenerState(listener) }),
    ...(emulator === undefined ? {} : { emulator }),
    ...(standIn === undefined ? {} : { standIn: standIn.response }),
    ...(app === undefined ? {} : { app }),
  };
}

async function listenerState(source: ListenerSource): Promise<NonNullable<State["listener"]>> {
  const { listener, monitor, forwardTo, storeFile, publicUrl, tokenExpires } = source;
  const { tunnel, registered } = monitor;
  const health = await monitor.health();
  return {
    url: listener.url,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    forwardTo: forwardTo.map(({ href }) => href),
    ...(storeFile === undefined ? {} : { store: storeFile }),
    health,
    alarms: [...monitor.alarms],
    ...(tunnel === undefined ? {} : { tunnel }),
    ...(registered === undefined ? {} : { registration: registrationText(registered) }),
    ...(tokenExpires === undefined ? {} : { tokenExpires }),
  };
}

function registrationText({ level, active }: { level: string; active: boolean }): string {
  return active ? level : `${level}: replaced or removed`;
}

function emulatorState({ emulator }: Sources): State["emulator"] {
  if (emulator === undefined) return undefined;
  const { statuses, failures } = emulator.conduct;
  const { phoneNumberId } = emulator.account;
  return { url: emulator.url, now: emulator.now(), statuses, failures: [...failures], phoneNumberId };
}

function requestsOf(query: LocalRequest["query"], { ledger }: Parts): RequestPage {
  const [limit, before = Infinity] = [limitIn(query), numberIn(query, "before", [0, Number.MAX_SAFE_INTEGER])];
  const found = ledger.requests.filter(({ index }) => index < before);
  const rows = found
    .slice(-limit)
    .toReversed()
    .map(({ index, request }) => ({ ...request, index }));
  const last = rows.at(-1);
  return { rows, ...(found.length > rows.length && last !== undefined ? { next: String(last.index) } : {}) };
}
