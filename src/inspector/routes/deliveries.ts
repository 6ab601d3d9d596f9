/** `/api/deliveries`: the table, one delivery, comparing, sending again, another secret, notes. */
import * as z from "zod";

import { UsageError } from "../../errors.ts";
import {
  jsonResponse,
  problem,
  type LocalHandler,
  type LocalRequest,
  type LocalResponse,
  type Routes,
} from "../../http/local-routes.ts";
import { indentJson } from "../../json.ts";
import { QUERY_STATUSES } from "../../store/query.ts";
import type { Delivery } from "../../store/store.ts";
import { differences } from "../../webhook/differences.ts";
import type { DeliveryDetail, DeliveryPage, Difference } from "../api.ts";
import { copiesOf } from "../copies.ts";
import { deliveryRow, forwardRows } from "../delivery-row.ts";
import { deliveryTrace } from "../delivery-trace.ts";
import type { HistoryQuery } from "../history.ts";
import type { Noted, Notes } from "../notes.ts";
import { read } from "../read.ts";
import { sendAgain, targetOf } from "../send-again.ts";
import { trySecret } from "../try-secret.ts";
import { limitIn, numberIn, textIn, type Parts } from "./parts.ts";

/** The longest time of a `Date`. */
const LAST_TIME = 8.64e15;
/** Of one delivery. */
const MAX_EVENTS = 1000;
const MAX_DIFFERENCES = 2000;
/** An edited payload; Meta sends up to 3 MB. */
const MAX_REPLAY_BYTES = 4 * 1024 * 1024;
/** As long as an app may take, and somewhat more. */
const REPLAY_MS = 40_000;
/** Where a copied command sends it when there is no app. */
const EXAMPLE_URL = "http://localhost:3000/webhook";

const replayBody = z.object({ json: z.string().exactOptional(), to: z.string().max(2000).exactOptional() });
const secretBody = z.object({ secret: z.string().min(1).max(1000) });
const noteBody = z.object({ note: z.string().exactOptional(), pinned: z.boolean().exactOptional() });

export function deliveryRoutes(parts: Parts): Routes {
  const of =
    (handle: (delivery: Delivery, request: LocalRequest) => LocalResponse | Promise<LocalResponse>) =>
    (request: LocalRequest) => {
      const { id = "" } = request.params;
      const delivery = parts.history?.get(id);
      return delivery === undefined
        ? problem(404, `there is no delivery ${id.slice(0, 40)}`)
        : handle(delivery, request);
    };
  return new Map<string, LocalHandler>([
    ["GET /api/deliveries", (request: LocalRequest) => jsonResponse(pageOf(request, parts))],
    ["GET /api/deliveries/:id", of((delivery) => jsonResponse(detailOf(delivery, parts)))],
    [
      "GET /api/deliveries/:id/diff/:other",
      of((delivery, { params }) => {
        const other = parts.history?.get(params["other"] ?? "");
        if (other === undefined) return problem(404, `there is no delivery ${(params["other"] ?? "").slice(0, 40)}`);
        return jsonResponse(differencesOf(delivery, other));
      }),
    ],
    [
      "POST /api/deliveries/:id/replay",
      of(async (delivery, { json, extendTimeout }) => {
        const again = read(replayBody, await json(MAX_REPLAY_BYTES), "the request");
        extendTimeout(REPLAY_MS);
        return jsonResponse(await sendAgain(delivery, again, parts.sources));
      }),
    ],
    [
      "POST /api/deliveries/:id/secret",
      of(async (delivery, { json }) => {
        const parsed = secretBody.safeParse(await json());
        // The message of the schema's error could contain it.
        if (!parsed.success) throw new UsageError("the secret is missing or too long", { code: "inspector.secret" });
        return jsonResponse(await trySecret(delivery, parsed.data.secret));
      }),
    ],
    [
      "PUT /api/deliveries/:id/note",
      of(async (delivery, { json }) =>
        jsonResponse(parts.notes.set(noteKey(delivery), read(noteBody, await json(), "the note"))),
      ),
    ],
  ]);
}

/** Ids are unique in one store only. */
function noteKey({ id, receivedAt }: Delivery): string {
  return `${id}@${receivedAt}`;
}

function pageOf({ query }: LocalRequest, { history, ledger }: Parts): DeliveryPage {
  if (history === undefined) return { rows: [], count: { value: 0, atLeast: false } };
  const wanted = queryOf(query);
  const { deliveries, next } = history.page(wanted, limitIn(query));
  const rows = deliveries.map((delivery) => deliveryRow(delivery, forwardRows(delivery.id, history.store, ledger)));
  return { rows, ...(next === undefined ? {} : { next }), count: history.count(wanted) };
}

function queryOf(query: LocalRequest["query"]): HistoryQuery {
  const [kind, from, search] = [textIn(query, "kind"), textIn(query, "from", 200), textIn(query, "search")];
  const [since, until] = [numberIn(query, "since", [0, LAST_TIME]), numberIn(query, "until", [0, LAST_TIME])];
  const [before, given] = [textIn(query, "before", 19), textIn(query, "status", 20)];
  const status = QUERY_STATUSES.find((each) => each === given);
  if (given !== undefined && status === undefined) {
    throw new UsageError(`the status must be one of ${QUERY_STATUSES.join(", ")}`, { code: "inspector.query" });
  }
  if (before !== undefined && !/^\d{1,18}$/.test(before)) {
    throw new UsageError("before must be the id of a delivery", { code: "inspector.query" });
  }
  // A phone number in any form, or a business-scoped user id.
  const customer = from !== undefined && /^\+?[\d\s().-]+$/.test(from) ? from.replaceAll(/\D/g, "") : from;
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(customer === undefined ? {} : { customer }),
    ...(search === undefined ? {} : { search }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(status === undefined ? {} : { status }),
    ...(before === undefined ? {} : { before }),
  };
}

function detailOf(delivery: Delivery, { sources, history, ledger, notes }: Parts): DeliveryDetail {
  const forwards = history === undefined ? [] : forwardRows(delivery.id, history.store, ledger);
  const body = Buffer.from(delivery.body);
  const json = indentJson(body.toString("utf8"));
  return {
    ...deliveryRow(delivery, forwards, MAX_EVENTS),
    headers: delivery.headers,
    bodyBase64: body.toString("base64"),
    ...(json === undefined ? {} : { json }),
    copies: copiesOf(delivery, appUrl(sources)),
    ...notesOf(delivery, notes),
    trace: deliveryTrace(delivery, forwards, ledger),
  };
}

/** A file of notes that cannot be read hides no delivery; changing a note says what is wrong. */
function notesOf(delivery: Delivery, notes: Notes): Noted {
  try {
    return notes.get(noteKey(delivery));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { pinned: false };
  }
}

function appUrl(sources: Parts["sources"]): string {
  try {
    return targetOf(undefined, sources).href;
  } catch {
    return EXAMPLE_URL;
  }
}

function differencesOf(left: Delivery, right: Delivery): Difference[] {
  const found: Difference[] = [];
  for (const { part, path, before, after } of differences(left, right)) {
    if (found.length >= MAX_DIFFERENCES) break;
    found.push({
      path: part === "header" ? `header ${path}` : path,
      ...(before === undefined ? {} : { left: JSON.stringify(before) }),
      ...(after === undefined ? {} : { right: JSON.stringify(after) }),
    });
  }
  return found;
}
