/** The Flows of the account and their life: draft, published, deprecated. Source: Meta, "Flows API" and "Flows webhooks". */
import { GraphErrorResponse, invalid } from "../http/graph-response.ts";
import type { Context } from "./context.ts";
import { needsEndpoint, type Flow, type FlowStatus } from "./flow.ts";

const MAX_FLOWS = 500;
/** Of the JSON of all flows. */
const MAX_BYTES = 64 * 1024 * 1024;

export type FlowChanges = Partial<
  Pick<Flow, "name" | "categories" | "endpointUri" | "applicationId" | "json" | "errors">
>;

export class Flows {
  readonly #flows = new Map<string, Flow>();
  /** The size of each JSON, by the id of its flow. */
  readonly #sizes = new Map<string, number>();
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  has(id: string): boolean {
    return this.#flows.has(id);
  }

  get(id: string): Flow {
    const flow = this.#flows.get(id);
    if (flow === undefined) throw new Error(`no flow ${id}`);
    return flow;
  }

  list(): Flow[] {
    return [...this.#flows.values()];
  }

  /** Throws a `GraphErrorResponse` when another Flow has the name. */
  add(name: string, categories: readonly string[], changes: FlowChanges): Flow {
    this.#checkName(name);
    if (this.#flows.size >= MAX_FLOWS) throw invalid(`the account has reached the limit of ${MAX_FLOWS} flows`);
    const flow: Flow = {
      id: this.#context.ids.digits("flow"),
      name,
      categories,
      status: "DRAFT",
      errors: [],
      ...changes,
    };
    this.#measure(flow.id, changes);
    this.#flows.set(flow.id, flow);
    return flow;
  }

  /** Changes a Flow. A published one becomes a draft again; a deprecated one cannot be changed. */
  update(flow: Flow, changes: FlowChanges): void {
    if (flow.status === "DEPRECATED") throw failed(139_001, "a deprecated flow cannot be changed");
    if (changes.name !== undefined && changes.name !== flow.name) this.#checkName(changes.name);
    this.#measure(flow.id, changes);
    Object.assign(flow, changes);
    if (flow.status === "PUBLISHED") this.#move(flow, "DRAFT");
  }

  /** Throws a `GraphErrorResponse` for a Flow that is not a draft, has errors, or lacks the endpoint and the key that it needs. */
  publish(flow: Flow, hasKey: boolean): void {
    if (flow.status !== "DRAFT") throw failed(139_002, `the flow is ${flow.status}, not DRAFT`);
    if (flow.json === undefined) throw failed(139_002, "the flow has no JSON; upload it with POST /{flow-id}/assets");
    if (flow.errors.length > 0)
      throw failed(139_002, "the flow has validation errors; see its field validation_errors");
    if (needsEndpoint(flow) && flow.endpointUri === undefined) {
      throw failed(139_002, "the flow has a data_api_version but no endpoint_uri");
    }
    if (needsEndpoint(flow) && !hasKey) {
      throw failed(
        139_002,
        "the number has no public key; upload it to /{phone-number-id}/whatsapp_business_encryption",
      );
    }
    this.#move(flow, "PUBLISHED");
  }

  deprecate(flow: Flow): void {
    if (flow.status !== "PUBLISHED") throw failed(139_003, `the flow is ${flow.status}, not PUBLISHED`);
    this.#move(flow, "DEPRECATED");
  }

  remove(flow: Flow): void {
    if (flow.status !== "DRAFT") throw failed(139_004, `the flow is ${flow.status}; only drafts can be deleted`);
    this.#flows.delete(flow.id);
    this.#sizes.delete(flow.id);
  }

  /** Throws a `GraphErrorResponse` when the JSON of all flows would be too large. */
  #measure(id: string, { json }: FlowChanges): void {
    if (json === undefined) return;
    const size = JSON.stringify(json).length;
    let total = size;
    for (const [other, bytes] of this.#sizes) if (other !== id) total += bytes;
    if (total > MAX_BYTES) throw invalid(`the emulator keeps at most ${MAX_BYTES} bytes of Flow JSON`);
    this.#sizes.set(id, size);
  }

  #checkName(name: string): void {
    if (!this.list().some((flow) => flow.name === name)) return;
    const details = `name: another flow of the account has the name ${name}`;
    throw new GraphErrorResponse(100, {
      message: "(#100) Invalid parameter",
      details,
      userTitle: "Flow name is not unique",
    });
  }

  #move(flow: Flow, status: FlowStatus): void {
    const { id: flow_id, name, status: old_status } = flow;
    flow.status = status;
    const message = `The Flow ${name} changed its status from ${old_status} to ${status}.`;
    const change = { event: "FLOW_STATUS_CHANGE", message, flow_id, old_status, new_status: status };
    this.#context.changes.emit("flows", change);
  }
}

function failed(code: number, details: string): GraphErrorResponse {
  return new GraphErrorResponse(code, { details });
}
