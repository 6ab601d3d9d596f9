/** Several requests in one: `POST /` with a batch, and `GET /?ids=`. Source: Meta, Graph API, "Batch requests" and "Multiple objects". */
import { asJsonObject, type JsonObject } from "../../json.ts";
import { readContent } from "./body.ts";
import { callOf, headOf, textAt, type Call, type Head } from "./call.ts";
import { bytesOf, GraphErrorResponse, invalid, type GraphResponse } from "./graph-response.ts";

const MAX_PARTS = 50;
/** `{result=name:$.data[0].id}` refers to the response of another part. */
const REFERENCE = /\{result=/;

interface PartOutcome {
  response: GraphResponse;
  error?: GraphErrorResponse;
}

type Perform = (part: Call) => Promise<PartOutcome>;

export function isBatch({ method, path, query, body }: Call): boolean {
  return method === "POST" && path === "/" && (query["batch"] ?? body.fields["batch"]) !== undefined;
}

export function isLookup({ method, path, query }: Head): boolean {
  return (method === "GET" || method === "HEAD") && path === "/" && query["ids"] !== undefined;
}

/** Performs the parts in order. Resolves with the list of responses; a part that fails does not affect the others. */
export async function runBatch(batch: Call, perform: Perform): Promise<unknown[]> {
  const parts = partsOf(batch);
  const withHeaders = textAt({ ...batch.query, ...batch.body.fields }, "include_headers") !== "false";
  const responses: unknown[] = [];
  for (const part of parts) {
    const { response } = await perform(partCall(batch, part));
    responses.push({
      code: response.status,
      ...(withHeaders ? { headers: [{ name: "Content-Type", value: "application/json; charset=UTF-8" }] } : {}),
      body: bytesOf(response).toString("latin1"),
    });
  }
  return responses;
}

function partsOf({ query, body }: Call): JsonObject[] {
  const given = body.fields["batch"] ?? parsed(query["batch"]);
  if (body.malformed !== undefined) throw invalid("Invalid parameter", body.malformed);
  const parts = Array.isArray(given) ? given.map(asJsonObject) : [];
  if (parts.length === 0 || parts.includes(undefined)) throw invalid("Param batch must be an array.");
  if (parts.length > MAX_PARTS) {
    throw invalid(`Too many requests in batch message. Maximum batch size is ${MAX_PARTS}`);
  }
  const unsupported = ["attached_files", "depends_on"].find((key) => parts.some((part) => part?.[key] !== undefined));
  if (unsupported !== undefined || REFERENCE.test(JSON.stringify(parts))) {
    const what = unsupported ?? "a reference to the response of another part";
    throw invalid("Invalid parameter", `the emulator does not support ${what} in a batch`);
  }
  return parts as JsonObject[];
}

function parsed(text: string | undefined): unknown {
  const { fields } = readContent(Buffer.from(`{"batch":${text ?? "null"}}`), "application/json");
  return fields["batch"];
}

/** The request that a part describes. Its body is a form, or JSON when it looks so. */
function partCall(batch: Call, part: JsonObject): Call {
  const { relative_url: url = "", body = "", method = "GET" } = part;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = text.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded";
  const bytes = Buffer.from(text);
  const { authorization: _, ...headers } = batch.headers;
  const head = headOf({ url: `/${String(url)}`, method: String(method).toUpperCase(), headers });
  const version = /^\/*v\d+\.\d+(?=[/?]|$)/.test(String(url)) ? head.version : batch.version;
  const call = callOf({ ...head, version }, "", { size: bytes.length, ...readContent(bytes, type) });
  const token = call.token ?? textAt(part, "access_token") ?? batch.token;
  return { ...call, origin: batch.origin, token };
}

/** Looks the ids up one by one, with the other parameters. Resolves with an object by id; throws the first error, like Meta. */
export async function runLookup(call: Call, perform: Perform): Promise<Record<string, unknown>> {
  const { ids = "", ...query } = call.query;
  const wanted = [...new Set(ids.split(",").filter((id) => id !== ""))];
  if (wanted.length === 0) throw invalid("Param ids must be a list of ids.");
  if (wanted.length > MAX_PARTS) throw invalid(`Param ids must have at most ${MAX_PARTS} ids.`);
  const found: [id: string, json: unknown][] = [];
  for (const id of wanted) {
    const { response, error } = await perform({ ...call, query, path: `/${id}` });
    if (error !== undefined) throw error;
    found.push([id, response.json]);
  }
  return Object.fromEntries(found);
}
