/** Template routes: list, create, delete. */
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, parametersOf, textAt, type Call } from "../http/call.ts";
import { ok, invalid, missing, GraphErrorResponse, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import type { State } from "../state.ts";
import type { Route } from "./route.ts";

const path = "/:id/message_templates";
const rights = { path, node: "waba", scope: MANAGEMENT } as const;
const DEFAULT_FIELDS = ["name", "parameter_format", "components", "language", "status", "category", "id"];
const ALL_FIELDS = new Set([...DEFAULT_FIELDS, "quality_score", "rejected_reason"]);
const PAGE = 25;

export const templateRoutes: readonly Route[] = [
  {
    method: "GET",
    ...rights,
    query: ["fields", "name", "limit", "after", "language", "status", "category"],
    run: list,
  },
  { method: "POST", ...rights, run: create },
  { method: "DELETE", ...rights, query: ["name"], run: remove },
];

function list(call: Call, { templates }: State): GraphResponse {
  const { fields = DEFAULT_FIELDS.join(","), name, limit = String(PAGE), after = "" } = call.query;
  const names = fields.split(",").map((field) => field.trim());
  const unknown = names.find((field) => !ALL_FIELDS.has(field));
  if (unknown !== undefined)
    throw invalid(`Tried accessing nonexisting field (${unknown}) on node type (WhatsAppMessageTemplate)`);
  const wanted = (["language", "status", "category"] as const).filter((key) => call.query[key] !== undefined);
  const found = templates.list(name).filter((each) => wanted.every((key) => each[key] === call.query[key]));
  const [from, count] = [fromCursor(after), Number(limit)];
  if (!Number.isSafeInteger(count) || count < 1) throw invalid("Param limit must be a number greater than 0.");
  const page = found.slice(from, from + count);
  const data = page.map((template) => {
    const all: Record<string, unknown> = {
      ...template,
      parameter_format: template.parameter_format ?? "POSITIONAL",
      quality_score: { score: "UNALL_FIELDS" },
      rejected_reason: "NONE",
    };
    return Object.fromEntries([...new Set([...names, "id"])].map((key) => [key, all[key]]));
  });
  const [before, end] = [toCursor(from), toCursor(from + page.length)];
  const next = from + page.length < found.length ? { next: nextPage(call, end) } : {};
  return ok({ data, ...(page.length === 0 ? {} : { paging: { cursors: { before, after: end }, ...next } }) });
}

function nextPage({ origin, version, path: here, query }: Call, after: string): string {
  const { access_token: _, ...rest } = query;
  return `${origin}/${version}${here}?${String(new URLSearchParams({ ...rest, after }))}`;
}

function toCursor(at: number): string {
  return Buffer.from(String(at)).toString("base64url");
}

function fromCursor(cursor: string): number {
  const at = Number(Buffer.from(cursor, "base64url").toString("latin1"));
  return Number.isSafeInteger(at) && at >= 0 ? at : 0;
}

function create(call: Call, { templates }: State): GraphResponse {
  const { id, status, category } = templates.add(contentOf(call));
  return ok({ id, status, category });
}

function remove(call: Call, { templates }: State): GraphResponse {
  const name = textAt(parametersOf(call), "name");
  if (name === undefined) throw missing("name");
  if (templates.remove(name) > 0) return SUCCESS;
  throw new GraphErrorResponse(132001, { details: `template name (${name}) does not exist` });
}
