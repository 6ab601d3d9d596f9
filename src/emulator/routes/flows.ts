/** Flows: list, create, change, upload their JSON, publish, deprecate, delete. Source: Meta, "Flows API". */
import { MANAGEMENT } from "../account/tokens.ts";
import { fileUrl } from "../business/files.ts";
import { CATEGORIES, describeFlow, readFlowJson } from "../business/flow.ts";
import type { FlowChanges } from "../business/flows.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { booleanOf, listOf, oneOf, requireText, textWithin } from "../http/checks.ts";
import { fieldsOf } from "../http/fields.ts";
import { invalid, missing, ok, SUCCESS, type GraphResponse } from "../http/graph-response.ts";
import { pageOf } from "../http/page.ts";
import type { State } from "../state.ts";
import { PAGE_QUERY, type Route } from "./route.ts";

type Fields = Readonly<Record<string, unknown>>;

const ofAccount = { path: "/:id/flows", node: "waba", scope: MANAGEMENT } as const;
const ofFlow = { node: "flow", scope: MANAGEMENT } as const;
/** Meta allows 10 MB; smaller JSON is enough for the largest Flow that the emulator reads. */
const MAX_BODY = 1024 * 1024;
const MAX = { name: 200, url: 2048, id: 40 };
const DEFAULT_FIELDS = ["id", "name", "status", "categories", "validation_errors"];
const PREVIEW_SECONDS = 30 * 86_400;
const partly = "the screens of the Flow JSON are not validated";

export const flowRoutes: readonly Route[] = [
  { method: "GET", ...ofAccount, query: ["fields", ...PAGE_QUERY], run: list },
  { method: "POST", ...ofAccount, maxBytes: MAX_BODY, partly, run: create },
  {
    method: "GET",
    path: "/:id",
    ...ofFlow,
    query: ["fields", "date_format"],
    run: (call, state) => ok(show(call, call.id, state)),
  },
  { method: "POST", path: "/:id", ...ofFlow, run: update },
  { method: "DELETE", path: "/:id", ...ofFlow, run: by((flow, { business }) => business.flows.remove(flow)) },
  { method: "GET", path: "/:id/assets", ...ofFlow, query: PAGE_QUERY, run: listAssets },
  { method: "POST", path: "/:id/assets", ...ofFlow, maxBytes: MAX_BODY, partly, run: uploadAsset },
  { method: "POST", path: "/:id/publish", ...ofFlow, run: by(publish) },
  {
    method: "POST",
    path: "/:id/deprecate",
    ...ofFlow,
    run: by((flow, { business }) => business.flows.deprecate(flow)),
  },
];

type Flow = ReturnType<State["business"]["flows"]["get"]>;

function by(change: (flow: Flow, state: State) => void): Route["run"] {
  return (call, state) => {
    change(state.business.flows.get(call.id), state);
    return SUCCESS;
  };
}

function publish(flow: Flow, { account, business }: State): void {
  business.flows.publish(flow, business.numbers.of(account.phoneNumberId).publicKey !== undefined);
}

function list(call: Call, state: State): GraphResponse {
  const { data, ...paging } = pageOf(state.business.flows.list(), call.query, call);
  return ok({ data: data.map(({ id }) => show(call, id, state)), ...paging });
}

function show(call: Call, id: string, { account, business, clock }: State): object {
  const expiresAt = clock.seconds() + PREVIEW_SECONDS;
  const previewUrl = `https://business.facebook.com/wa/manage/flows/${id}/preview/?token=emulated`;
  const all = describeFlow(business.flows.get(id), { previewUrl, expiresAt });
  return fieldsOf(
    call,
    "flow",
    { ...all, whatsapp_business_account: { id: account.businessAccountId } },
    DEFAULT_FIELDS,
  );
}

function create(call: Call, state: State): GraphResponse {
  const { flows } = state.business;
  const fields = parametersOf(call);
  const name = requireText(fields, "name", MAX.name);
  const categories = categoriesOf(fields) ?? clonedFrom(fields, state)?.categories;
  if (categories === undefined || categories.length === 0) throw missing("categories");
  const json = fields["flow_json"] ?? clonedFrom(fields, state)?.json;
  const flow = flows.add(name, categories, {
    ...metadataOf(fields),
    ...(json === undefined ? {} : readFlowJson(json)),
  });
  if (booleanOf(fields, "publish") === true && flow.errors.length === 0) publish(flow, state);
  return ok({ id: flow.id, success: true, validation_errors: flow.errors });
}

function clonedFrom(fields: Fields, { business }: State): Flow | undefined {
  const id = textAt(fields, "clone_flow_id");
  if (id === undefined) return undefined;
  if (!business.flows.has(id)) throw invalid("Invalid parameter", `clone_flow_id: there is no flow ${id}`);
  return business.flows.get(id);
}

function update(call: Call, { business: { flows } }: State): GraphResponse {
  const fields = parametersOf(call);
  const name = textWithin(fields, "name", { min: 1, max: MAX.name });
  const categories = categoriesOf(fields);
  flows.update(flows.get(call.id), {
    ...metadataOf(fields),
    ...(name === undefined ? {} : { name }),
    ...(categories === undefined ? {} : { categories }),
  });
  return SUCCESS;
}

function metadataOf(fields: Fields): FlowChanges {
  const endpointUri = textWithin(fields, "endpoint_uri", { max: MAX.url });
  const applicationId = textWithin(fields, "application_id", { max: MAX.id });
  return {
    ...(endpointUri === undefined ? {} : { endpointUri }),
    ...(applicationId === undefined ? {} : { applicationId }),
  };
}

function categoriesOf(fields: Fields): string[] | undefined {
  return listOf(fields, "categories", CATEGORIES.length)?.map((category, at) => {
    const name = `categories[${at}]`;
    return oneOf({ [name]: category }, name, CATEGORIES) ?? "OTHER";
  });
}

function listAssets(call: Call, { business }: State): GraphResponse {
  const flow = business.flows.get(call.id);
  const name = `flow-${flow.id}.json`;
  if (flow.json !== undefined) {
    business.files.put(name, { mime: "application/json", bytes: Buffer.from(JSON.stringify(flow.json)) });
  }
  const asset = { name: "flow.json", asset_type: "FLOW_JSON", download_url: fileUrl(call.origin, name) };
  const { data, ...paging } = pageOf(flow.json === undefined ? [] : [asset], call.query, call);
  return ok({ data, ...paging });
}

function uploadAsset(call: Call, { business: { flows } }: State): GraphResponse {
  const fields = parametersOf(call);
  if (oneOf(fields, "asset_type", ["FLOW_JSON"]) === undefined) throw missing("asset_type");
  // The file may be a form field instead of a file when the client gives it no name.
  const content = call.body.files[0]?.bytes.toString("utf8") ?? fields["file"];
  if (content === undefined) throw missing("file", "file: send a multipart form with the Flow JSON as the part file");
  const read = readFlowJson(content);
  flows.update(flows.get(call.id), read);
  return ok({ success: true, validation_errors: read.errors });
}
