/** Template routes: list, create, read, edit, delete. Source: Meta, "Template management". */
import { MANAGEMENT } from "../account/tokens.ts";
import { contentOf, parametersOf, textAt, type Call } from "../http/call.ts";
import { fieldsOf } from "../http/fields.ts";
import { ok, invalid, missing, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import { pageOf } from "../http/page.ts";
import type { State } from "../state.ts";
import { notFound } from "../templates/refusals.ts";
import type { Template } from "../templates/template.ts";
import { PAGE_QUERY, type Route } from "./route.ts";

const path = "/:id/message_templates";
const rights = { path, node: "waba", scope: MANAGEMENT } as const;
const own = { path: "/:id", node: "template", scope: MANAGEMENT } as const;
const DEFAULT_FIELDS = ["name", "parameter_format", "components", "language", "status", "category", "sub_category"];
const MAX_DELETED = 100;

const FILTERS = ["language", "status", "category", "quality_score", "name_or_content", "content"] as const;

export const templateRoutes: readonly Route[] = [
  { method: "GET", ...rights, query: ["fields", "name", ...PAGE_QUERY, ...FILTERS], run: list },
  { method: "POST", ...rights, run: create },
  { method: "DELETE", ...rights, query: ["name", "hsm_id", "hsm_ids"], run: remove },
  { method: "GET", ...own, query: ["fields"], run: show },
  { method: "POST", ...own, run: edit },
];

function describe(call: Call, template: Template, state: State): object {
  const all = {
    // Fields that Meta leaves out when they have no value.
    bid_spec: undefined,
    correct_category: undefined,
    creative_sourcing_spec: undefined,
    cta_url_link_tracking_opted_out: undefined,
    degrees_of_freedom_spec: undefined,
    display_format: undefined,
    is_primary_device_delivery_only: undefined,
    library_template_name: undefined,
    message_send_ttl_seconds: undefined,
    previous_category: undefined,
    sub_category: undefined,
    ...template,
    health_status: healthOf(template, state),
  };
  return fieldsOf(call, "template", all, DEFAULT_FIELDS);
}

function healthOf({ id, status }: Template, { account }: State): object {
  const sendable = { can_send_message: status === "APPROVED" ? "AVAILABLE" : "BLOCKED" };
  const entities = [
    { entity_type: "MESSAGE_TEMPLATE", id, ...sendable },
    { entity_type: "WABA", id: account.businessAccountId, can_send_message: "AVAILABLE" },
    { entity_type: "APP", id: account.appId, can_send_message: "AVAILABLE" },
  ];
  return { ...sendable, entities };
}

function list(call: Call, state: State): GraphResponse {
  const { limit, after, before } = call.query;
  const found = state.templates.list().filter((template) => matches(template, call.query));
  const { data, ...paging } = pageOf(found, { limit, after, before, max: Infinity }, call);
  return ok({ data: data.map((template) => describe(call, template, state)), ...paging });
}

function matches(template: Template, query: Call["query"]): boolean {
  const { name, language, status, category, quality_score: quality, content, name_or_content: either } = query;
  const contains = (wanted: string) => JSON.stringify(template.components).includes(wanted);
  return (
    (name === undefined || template.name.includes(name)) &&
    sameText(template.language, language) &&
    sameText(template.status, status) &&
    sameText(template.category, category) &&
    sameText(template.quality_score.score, quality) &&
    (content === undefined || contains(content)) &&
    (either === undefined || template.name.includes(either) || contains(either))
  );
}

function sameText(value: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === "" || value.toLowerCase() === wanted.toLowerCase();
}

/** The status of a new template is PENDING, also when its review takes no time. */
function create(call: Call, { templates }: State): GraphResponse {
  const { id, status, category } = templates.add(contentOf(call));
  return ok({ id, status, category });
}

function show(call: Call, state: State): GraphResponse {
  return ok(describe(call, templateOf(call, state), state));
}

function edit(call: Call, state: State): GraphResponse {
  state.templates.edit(templateOf(call, state), contentOf(call));
  return SUCCESS;
}

function templateOf({ id }: Call, { templates }: State): Template {
  const template = templates.get(id);
  if (template === undefined) throw notFound();
  return template;
}

function remove(call: Call, { templates }: State): GraphResponse {
  const parameters = parametersOf(call);
  const [name, id] = [textAt(parameters, "name"), textAt(parameters, "hsm_id")];
  const ids = listOfIds(parameters["hsm_ids"]);
  const all = templates.list();
  if (ids !== undefined) {
    if (name !== undefined || id !== undefined) throw invalid("Param hsm_ids can't be combined with name or hsm_id.");
    const found = all.filter((template) => ids.has(template.id));
    if (found.length !== ids.size) throw notFound();
    templates.remove(found);
    return SUCCESS;
  }
  if (name === undefined) throw missing("name");
  templates.remove(all.filter((template) => template.name === name && (id === undefined || template.id === id)));
  return SUCCESS;
}

/** `[1,2]`, as text or as a list. */
function listOfIds(given: unknown): Set<string> | undefined {
  if (given === undefined) return undefined;
  const ids = (typeof given === "string" ? given : JSON.stringify(given)).match(/\d+/g) ?? [];
  if (ids.length === 0) throw invalid("Param hsm_ids must be a list of ids.");
  if (ids.length > MAX_DELETED) throw invalid(`Param hsm_ids must have at most ${MAX_DELETED} elements.`);
  return new Set(ids);
}
