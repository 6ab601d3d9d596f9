/** Whether a phone number, its WABA, the business and the app can send messages, as Meta judges it. Source: Meta, "Health status". */
import { asJsonObject, type JsonObject, stringAt } from "../json.ts";
import type { Graph } from "./client.ts";

/** Meta's code of an account that it has locked. */
export const LOCKED = 131_031;

export interface HealthEntity {
  /** `PHONE_NUMBER`, `WABA`, `BUSINESS` or `APP`. */
  type: string;
  id: string;
  /** `AVAILABLE`, `LIMITED` or `BLOCKED`. */
  canSend: string;
  problems: HealthProblem[];
}

export interface HealthProblem {
  /** Mostly Meta's range 141000; missing for a remark. */
  code?: number;
  description: string;
  /** What Meta recommends. */
  solution?: string;
}

const MAX_ENTITIES = 10;
const MAX_PROBLEMS = 5;

/** The health of a phone number or a WABA and of everything above it. */
export async function readHealth(graph: Graph, id: string): Promise<HealthEntity[]> {
  const { body } = await graph.request<JsonObject>({
    path: encodeURIComponent(id),
    query: { fields: "health_status" },
  });
  return objectsAt(body["health_status"], "entities", MAX_ENTITIES).map((entity) => ({
    type: stringAt(entity, "entity_type") ?? "UNKNOWN",
    id: stringAt(entity, "id") ?? "",
    canSend: stringAt(entity, "can_send_message") ?? "UNKNOWN",
    problems: [...objectsAt(entity, "errors", MAX_PROBLEMS).map(readError), ...remarks(entity["additional_info"])],
  }));
}

function readError(error: JsonObject): HealthProblem {
  const code = Number(error["error_code"]);
  const solution = stringAt(error, "possible_solution");
  return {
    ...(Number.isFinite(code) ? { code } : {}),
    description: stringAt(error, "error_description") ?? "no reason given",
    ...(solution === undefined || solution === "" ? {} : { solution }),
  };
}

function remarks(value: unknown): HealthProblem[] {
  const texts: unknown[] = Array.isArray(value) ? value.slice(0, MAX_PROBLEMS) : [];
  return texts.filter((text) => typeof text === "string").map((description) => ({ description }));
}

function objectsAt(parent: unknown, key: string, max: number): JsonObject[] {
  const list = asJsonObject(parent)?.[key];
  const items: unknown[] = Array.isArray(list) ? list.slice(0, max) : [];
  return items.map(asJsonObject).filter((item) => item !== undefined);
}
