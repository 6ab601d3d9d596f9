/** Meta's error for a message with problems, in Meta's own words where captures show them. */
import { asJsonObject, type JsonObject } from "../../json.ts";
import { describeProblem, type Problem } from "../../messages/kind.ts";
import { outboundKinds } from "../../messages/outbound/index.ts";
import { GraphErrorResponse, invalid, missing } from "../http/graph-response.ts";

const TYPES = outboundKinds.map(({ name }) => name.toUpperCase()).toSorted();

/** Meta reports only one of several problems; the details list up to five. */
export function refusalOf(problems: readonly Problem[], request: JsonObject): GraphErrorResponse {
  const details = problems.slice(0, 5).map(describeProblem).join("; ");
  // Meta checks for unknown keys before it validates the values.
  const first =
    problems.find(isRequired) ??
    problems.find(({ path }) => path === "type") ??
    problems.find(({ reason }) => reason === "unknown") ??
    problems[0];
  if (first === undefined) return invalid("Invalid parameter");
  const { path, reason } = first;
  if (isRequired(first)) return missing(path, details);
  if (isTextMissing(first, request)) return missing("text['body']");
  if (reason === "missing") return new GraphErrorResponse(131008, { details });
  if (reason === "unknown") return invalid(`Unexpected key ${keyOf(path)}.`, details);
  if (path === "type") return invalid(`Param type must be one of {${TYPES.join(", ")}}`, details);
  if (path === "text.body" && lengthAt(request, path) > 4096) {
    return invalid("Param text['body'] must be at most 4096 characters long.", details);
  }
  return new GraphErrorResponse(131009, { details: capturedDetails(path, request) ?? details });
}

function isRequired({ path, reason }: Problem): boolean {
  return reason === "missing" && (path === "to" || path === "messaging_product");
}

/** Meta names the body when the text or its body is missing or empty. */
function isTextMissing({ path, reason }: Problem, request: JsonObject): boolean {
  if (path !== "text" && path !== "text.body") return false;
  return reason === "missing" || valueAt(request, "text.body") === "";
}

/** Formats a path as Meta does: `"color" on param "interactive['header']"`. */
function keyOf(path: string): string {
  const steps = stepsOf(path);
  const key = steps.pop() ?? "";
  const [top, ...below] = steps;
  return top === undefined ? `"${key}"` : `"${key}" on param "${top}${below.map((step) => `['${step}']`).join("")}"`;
}

/** The details of captured responses to interactive messages; undefined for other problems. */
function capturedDetails(path: string, request: JsonObject): string | undefined {
  const plain = path.replaceAll(/\[\d+\]/g, "[]");
  const length = lengthAt(request, path);
  if (plain === `${ROWS}[].title` && length > 24) return "Row title is too long. Max length is 24";
  if (plain === `${ROWS}[].description` && length > 72) return "Row description is too long. Max length is 72";
  if (plain === "interactive.action.buttons[].reply.title" && (length === 0 || length > 20)) {
    return "Button title length invalid. Min length: 1, Max length: 20";
  }
  if (["interactive.action.sections", ROWS].includes(plain) && rowsIn(request) > 10)
    return "Total row count exceed max allowed count: 10";
  return undefined;
}

const ROWS = "interactive.action.sections[].rows";

function rowsIn(request: JsonObject): number {
  const sections = valueAt(request, "interactive.action.sections");
  if (!Array.isArray(sections)) return 0;
  const rows = sections.map((section) => asJsonObject(section)?.["rows"]);
  return rows.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
}

/** The length of a text; -1 when there is none at the path. */
function lengthAt(request: JsonObject, path: string): number {
  const value = valueAt(request, path);
  return typeof value === "string" ? value.length : -1;
}

function valueAt(request: JsonObject, path: string): unknown {
  return stepsOf(path).reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Record<string, unknown>)[step];
  }, request);
}

function stepsOf(path: string): string[] {
  return path.replaceAll("[", ".").replaceAll("]", "").split(".");
}
