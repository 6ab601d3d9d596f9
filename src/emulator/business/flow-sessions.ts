/** Flows that customers have open: each screen is exchanged with the Flow's endpoint, and the end is a message to the business. */
import { CheckFailedError, UsageError } from "../../errors.ts";
import { startFlowClient, type FlowClient, type FlowResult } from "../../flows/client.ts";
import { httpUrl, isLoopback } from "../../http/url.ts";
import { asJsonObject, parseObject, stringAt, type JsonObject } from "../../json.ts";
import type { Apps } from "../account/apps.ts";
import { Bounded } from "../bounded.ts";
import type { Clock } from "../clock.ts";
import type { ActionResult } from "../customer-action.ts";
import type { Ids } from "../ids.ts";
import type { Log } from "../log.ts";
import { LOCAL_ONLY_REASON } from "../options.ts";
import { needsEndpoint, type Flow } from "./flow.ts";
import type { Flows } from "./flows.ts";
import type { Numbers } from "./numbers.ts";

interface Context {
  apps: Apps;
  clock: Clock;
  flows: Flows;
  ids: Ids;
  log: Log;
  numbers: Numbers;
  /** The number that previews Flows without a message. */
  phoneNumberId: string;
  /** Whether endpoints are limited to this machine, as callback URLs are. */
  localOnly: boolean;
}

/** A message with a button that opens a Flow. */
interface FlowMessage {
  id: string;
  phoneNumberId: string;
  parameters: JsonObject;
}

interface Session {
  flow: Flow;
  token: string;
  phoneNumberId: string;
  messageId?: string;
  screen: string;
}

/** Sends a message of the customer. */
type Receive = (message: object) => Promise<{ id: string }>;

const MAX_SESSIONS = 1000;
/** Each can have data of 1 MB. */
const MAX_MESSAGES = 100;
/** Source: Meta, "Sending a Flow": the token of a message without one. */
const UNUSED_TOKEN = "unused";

export class FlowSessions {
  readonly #context: Context;
  /** The latest message with a Flow, by the user id of its recipient. */
  readonly #messages = new Bounded<FlowMessage>(MAX_MESSAGES);
  readonly #sessions = new Bounded<Session>(MAX_SESSIONS);
  readonly #clients = new Set<FlowClient>();
  #ended = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Notes a sent message, if it opens a Flow. */
  note(userId: string, id: string, phoneNumberId: string, request: JsonObject): void {
    const action = asJsonObject(asJsonObject(request["interactive"])?.["action"]);
    const parameters = action?.["name"] === "flow" ? asJsonObject(action["parameters"]) : undefined;
    if (parameters !== undefined) this.#messages.set(userId, { id, phoneNumberId, parameters });
  }

  /**
   * Opens the Flow of the latest message, or the one with this id, name or message id. Throws a `UsageError` when it cannot be opened,
   * and a `CheckFailedError` when the endpoint does not respond with a screen.
   */
  async open(userId: string, name: string | undefined, receive: Receive): Promise<ActionResult> {
    const latest = this.#messages.get(userId);
    const message = name === undefined || name === latest?.id ? latest : undefined;
    const flow = this.#flowOf(message?.parameters, name);
    const { parameters = {}, id, phoneNumberId = this.#context.phoneNumberId } = message ?? {};
    const token = stringAt(parameters, "flow_token") ?? (message === undefined ? this.#newToken() : UNUSED_TOKEN);
    const session: Session = { flow, token, phoneNumberId, screen: "", ...(id === undefined ? {} : { messageId: id }) };
    const asksEndpoint = message === undefined || parameters["flow_action"] === "data_exchange";
    if (asksEndpoint && exchangesData(flow)) {
      return this.#exchange(userId, session, { action: "INIT", call: (client) => client.init() }, receive);
    }
    const payload = asJsonObject(parameters["flow_action_payload"]);
    session.screen = stringAt(payload, "screen") ?? firstScreen(flow);
    this.#sessions.set(userId, session);
    return { screen: session.screen, data: asJsonObject(payload?.["data"]) ?? {} };
  }

  /** Submits the screen. A Flow without an endpoint ends with it. */
  async submit(userId: string, data: unknown, receive: Receive): Promise<ActionResult> {
    const session = this.#current(userId);
    const given = dataOf(data);
    if (!exchangesData(session.flow)) return this.complete(userId, given, receive);
    const { screen } = session;
    const call = (client: FlowClient) => client.exchange(screen, given);
    return this.#exchange(userId, session, { action: "data_exchange", call }, receive);
  }

  async back(userId: string, receive: Receive): Promise<ActionResult> {
    const session = this.#current(userId);
    const { screen } = session;
    return this.#exchange(userId, session, { action: "BACK", call: (client) => client.back(screen) }, receive);
  }

  /** Ends the Flow on this device, as the action `complete` of a screen does: without the endpoint. */
  async complete(userId: string, data: unknown, receive: Receive): Promise<ActionResult> {
    const session = this.#current(userId);
    return this.#finish(userId, session, { ...dataOf(data), flow_token: session.token }, receive);
  }

  /** The customer leaves without completing. */
  close(userId: string): ActionResult {
    this.#current(userId);
    this.#sessions.delete(userId);
    return {};
  }

  /** Cancels the requests in flight. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#clients].map((client) => client.close()));
  }

  #newToken(): string {
    return `test-${this.#context.ids.digits("flow token")}`;
  }

  #current(userId: string): Session {
    const session = this.#sessions.get(userId);
    if (session !== undefined) return session;
    throw flowError("the customer has no Flow open", "open one first: /flow, or the action open_flow");
  }

  #flowOf(parameters: JsonObject | undefined, name: string | undefined): Flow {
    const { flows } = this.#context;
    const all = flows.list();
    const wanted = stringAt(parameters, "flow_id") ?? stringAt(parameters, "flow_name") ?? name;
    if (wanted === undefined && all.length !== 1) {
      throw flowError("no message with a Flow was sent to the customer", "send one, or name a Flow by its id");
    }
    const flow = wanted === undefined ? all[0] : all.find((each) => each.id === wanted || each.name === wanted);
    if (flow !== undefined) return flow;
    throw flowError(`the account has no Flow ${wanted}`, "create it with POST /{waba-id}/flows and its endpoint_uri");
  }

  async #exchange(
    userId: string,
    session: Session,
    { action, call }: { action: string; call: (client: FlowClient) => Promise<FlowResult> },
    receive: Receive,
  ): Promise<ActionResult> {
    const { clock, log } = this.#context;
    const url = this.#endpointOf(session.flow);
    const result = await this.#call(session, url, call);
    const { status, ms } = result;
    const answer = asJsonObject(result.answer);
    const [screen, data] = [stringAt(answer, "screen"), asJsonObject(answer?.["data"]) ?? {}];
    const problem = problemOf(result, screen, data);
    log.emit({
      type: "flow",
      at: clock.now(),
      url: url.href,
      action,
      ms,
      ...(session.screen === "" ? {} : { screen: session.screen }),
      ...(status === undefined ? {} : { status }),
      ...(screen === undefined ? {} : { next: screen }),
      ...(problem === undefined ? {} : { problem: problem.message }),
      ...(problem?.hint === undefined ? {} : { fix: problem.hint }),
    });
    if (status === 427) this.#sessions.delete(userId);
    if (problem !== undefined) throw problem;
    if (screen === "SUCCESS") return this.#finish(userId, session, paramsOf(data), receive);
    session.screen = screen ?? session.screen;
    this.#sessions.set(userId, session);
    return { screen: session.screen, data };
  }

  async #call(
    { flow, token, phoneNumberId }: Session,
    url: URL,
    call: (client: FlowClient) => Promise<FlowResult>,
  ): Promise<FlowResult> {
    const { apps, numbers } = this.#context;
    const { publicKey } = numbers.of(phoneNumberId);
    if (publicKey === undefined) {
      throw flowError(`the number ${phoneNumberId} has no public key`, "run wa-hook flow keys --upload");
    }
    const { secret: appSecret } = apps.get(flow.applicationId ?? "") ?? apps.own;
    await using client = await startFlowClient({ url, publicKey, appSecret, flowToken: token });
    if (this.#ended) throw flowError("the emulator was reset or closed", "open the Flow again");
    this.#clients.add(client);
    try {
      return await call(client);
    } finally {
      this.#clients.delete(client);
    }
  }

  #endpointOf({ id, endpointUri }: Flow): URL {
    const url = endpointUri === undefined ? undefined : httpUrl(endpointUri);
    if (url === undefined) {
      throw flowError(`the Flow ${id} has no endpoint`, `set its endpoint_uri with POST /${id}`);
    }
    if (!this.#context.localOnly || isLoopback(url)) return url;
    throw flowError(
      `the endpoint ${url.href} is not on this machine; ${LOCAL_ONLY_REASON}`,
      "use localhost, 127.0.0.1 or [::1], or unset the app secret to use a generated one",
    );
  }

  async #finish(userId: string, { messageId }: Session, params: object, receive: Receive): Promise<ActionResult> {
    const nfm_reply = { name: "flow", body: "Sent", response_json: JSON.stringify(params) };
    const context = messageId === undefined ? {} : { context: { id: messageId } };
    const { id } = await receive({ type: "interactive", ...context, interactive: { type: "nfm_reply", nfm_reply } });
    this.#sessions.delete(userId);
    return { id };
  }
}

/** Whether screens are exchanged with an endpoint: its JSON says so, or is not known to the emulator. */
function exchangesData(flow: Flow): boolean {
  return flow.json === undefined ? flow.endpointUri !== undefined : needsEndpoint(flow);
}

function firstScreen({ json }: Flow): string {
  const screens: unknown = json?.["screens"];
  return stringAt(asJsonObject(Array.isArray(screens) ? screens[0] : undefined), "id") ?? "START";
}

/** Source: Meta, "Implementing Endpoints for Flows", final response payload. */
function paramsOf(data: JsonObject): object {
  return asJsonObject(asJsonObject(data["extension_message_response"])?.["params"]) ?? {};
}

function problemOf(result: FlowResult, screen: string | undefined, data: JsonObject): CheckFailedError | undefined {
  const { status, problem, answer, text = "" } = result;
  if (problem !== undefined) return failure(problem.code, problem.cause, problem.fix);
  if (status === 427) {
    const said = stringAt(asJsonObject(parseObject(text)), "error_msg");
    const cause = "the endpoint considers the flow token expired, and the Flow is closed";
    return failure("expired", said === undefined ? cause : `${cause}: ${said}`, "send the customer a new message");
  }
  if (answer === undefined) {
    return failure(`status-${status}`, `the endpoint responds with ${status}`, "run wa-hook flow check");
  }
  if (screen !== undefined || typeof data["error_message"] === "string") return undefined;
  return failure("no-screen", "the response has no screen", "respond with {screen, data}");
}

function failure(code: string, cause: string, hint: string): CheckFailedError {
  return new CheckFailedError(cause, { code: `flow.${code}`, hint });
}

/** What was typed or sent to the control API. */
function dataOf(data: unknown = {}): JsonObject {
  const object = asJsonObject(data);
  if (object !== undefined) return object;
  throw flowError("the data of a screen is a JSON object", 'for example { "name": "Sheena" }');
}

function flowError(message: string, hint: string): UsageError {
  return new UsageError(message, { code: "emulate.flow", hint });
}
