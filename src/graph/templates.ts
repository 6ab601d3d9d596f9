/** The message templates of a WABA: listed, created, deleted. Source: Meta, "Template management". */
import { asJsonObject, stringAt, type JsonObject } from "../json.ts";
import type { Graph } from "./client.ts";

/** A message template of the WABA. */
export interface Template {
  /** The template ID. */
  id: string;
  name: string;
  /** Meta's code for it: `en_US`. */
  language: string;
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION` … */
  category: string;
  /** `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` … */
  status: string;
  /** `GREEN`, `YELLOW` or `RED`; missing while it is unknown. */
  quality?: string;
  /** Of a rejected one: `INVALID_FORMAT` … */
  rejectedReason?: string;
  /** Header, body, footer and buttons, in Meta's format. */
  components: JsonObject[];
}

export interface TemplateFilter {
  /** A part of the name. */
  name?: string | undefined;
  status?: string | undefined;
  language?: string | undefined;
}

export interface CreatedTemplate {
  id: string;
  status: string;
  /** Meta may choose another one than requested. */
  category: string;
}

const FIELDS = "id,name,language,category,status,quality_score,rejected_reason,components";
const PAGE = 100;
/** 10 000 templates: more than the 6000 that Meta allows. */
const MAX_PAGES = 100;

/** The templates that match, page by page. Throws as `Graph.request` does. */
export async function* listTemplates(
  graph: Graph,
  businessAccountId: string,
  { name, status, language }: TemplateFilter = {},
): AsyncGenerator<Template, void, void> {
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { body } = await graph.request<{ data?: unknown; paging?: JsonObject }>({
      path: edgeOf(businessAccountId),
      query: { fields: FIELDS, limit: String(PAGE), name, status: status?.toUpperCase(), language, after },
    });
    const data: unknown[] = Array.isArray(body.data) ? body.data : [];
    for (const item of data) yield parse(asJsonObject(item) ?? {});
    const next = stringAt(asJsonObject(body.paging?.["cursors"]), "after");
    if (body.paging?.["next"] === undefined || next === undefined || next === after) return;
    after = next;
  }
}

/** All languages of a template. Throws as `Graph.request` does. */
export async function findTemplates(graph: Graph, businessAccountId: string, name: string): Promise<Template[]> {
  const found: Template[] = [];
  // Meta also finds templates whose name contains it.
  for await (const template of listTemplates(graph, businessAccountId, { name })) {
    if (template.name === name) found.push(template);
  }
  return found;
}

export async function readTemplate(graph: Graph, id: string): Promise<Template> {
  const { body } = await graph.request<JsonObject>({ path: encodeURIComponent(id), query: { fields: FIELDS } });
  return parse({ id, ...body });
}

/** `definition`: `{ name, language, category, components, … }`. Sent once; throws as `Graph.request` does. */
export async function createTemplate(
  graph: Graph,
  businessAccountId: string,
  definition: JsonObject,
): Promise<CreatedTemplate> {
  const { body } = await graph.request({ method: "POST", path: edgeOf(businessAccountId), json: definition });
  return {
    id: stringAt(body, "id") ?? "",
    status: stringAt(body, "status") ?? "",
    category: stringAt(body, "category") ?? "",
  };
}

/** Deletes every language of a template; with an id, only the one with that id. */
export async function deleteTemplate(
  graph: Graph,
  businessAccountId: string,
  { name, id }: { name: string; id?: string | undefined },
): Promise<void> {
  await graph.request({ method: "DELETE", path: edgeOf(businessAccountId), query: { name, hsm_id: id } });
}

function edgeOf(businessAccountId: string): string {
  return `${encodeURIComponent(businessAccountId)}/message_templates`;
}

function parse(item: JsonObject): Template {
  const quality = stringAt(asJsonObject(item["quality_score"]), "score");
  const reason = stringAt(item, "rejected_reason");
  const components: unknown[] = Array.isArray(item["components"]) ? item["components"] : [];
  return {
    id: stringAt(item, "id") ?? "",
    name: stringAt(item, "name") ?? "",
    language: stringAt(item, "language") ?? "",
    category: stringAt(item, "category")?.toUpperCase() ?? "",
    status: stringAt(item, "status")?.toUpperCase() ?? "",
    ...(quality === undefined || quality === "UNKNOWN" ? {} : { quality }),
    ...(reason === undefined || reason === "NONE" ? {} : { rejectedReason: reason }),
    components: components.map((component) => asJsonObject(component) ?? {}),
  };
}
