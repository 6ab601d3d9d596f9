/** A small Meta for the model test: the callbacks of one app, account and number over HTTP, with failures at any request. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface State {
  app?: { url: string; fields: Map<string, string> };
  subscribed: boolean;
  waba?: string;
  phone?: string;
}

/** What becomes of a request: its connection drops, or the process that sent it is killed; before Meta does it, or after. */
export type FailureKind = "drop-before" | "drop-after" | "kill-before" | "kill-after" | "outage" | "error";

export interface Failure {
  /** The request that fails, counted from now on. */
  at: number;
  kind: FailureKind;
}

/** What requests carry. */
interface Body {
  override_callback_uri?: string;
  callback_url?: string;
  verify_token?: string;
  fields?: string;
  webhook_configuration?: { override_callback_uri?: string; verify_token?: string };
}

export const IDS = { phoneNumberId: "1001", businessAccountId: "2002", appId: "3003" };

export class MetaPeer {
  state: State = { subscribed: true };
  /** Callbacks that answer, with their verify token; anything else is refused in the handshake. */
  readonly endpoints = new Map<string, string>();
  /** Whether a subscription's fields are replaced instead of added to. */
  replacesFields = false;
  #failure: Failure | undefined;
  #killed: (() => void) | undefined;
  #requests = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The next failure; resolves when it has killed somebody. */
  plan(failure: Failure | undefined): Promise<void> {
    this.#requests = 0;
    this.#failure = failure;
    return new Promise((resolve) => (this.#killed = resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const [, root = ""] = url.pathname.split("/");
    if (root === "callback") return this.#shakeHands(url, response);
    const hasBody = request.method === "POST" && request.headers["content-type"] !== undefined;
    const body = (hasBody ? await json(request) : {}) as Body;
    const kind = this.#failing();
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (kind === "drop-before" || kind === "outage") return void request.socket.destroy();
    if (kind === "error") return void answer(500, fault(2, "Service temporarily unavailable", true));
    if (kind === "kill-before") return this.#killed?.();
    const [status, value] = this.#handle(request.method ?? "GET", url, body);
    if (kind === "kill-after") return this.#killed?.();
    if (kind === "drop-after") return void request.socket.destroy();
    answer(status, value);
  }

  #failing(): FailureKind | undefined {
    const { at, kind } = this.#failure ?? {};
    this.#requests += 1;
    if (at === undefined) return undefined;
    return this.#requests === at || (kind === "outage" && this.#requests > at) ? kind : undefined;
  }

  #shakeHands({ searchParams, origin, pathname }: URL, response: ServerResponse): void {
    const ok = this.endpoints.get(`${origin}${pathname}`) === searchParams.get("hub.verify_token");
    if (ok) response.end(searchParams.get("hub.challenge"));
    else response.writeHead(403).end();
  }

  #handle(method: string, { pathname, searchParams }: URL, body: Body): [number, unknown] {
    const [, version = "", id, edge] = pathname.split("/");
    if (id === IDS.appId) return this.#app(method, { version, searchParams, body });
    if (edge === "subscribed_apps") return this.#account(method, body);
    if (method === "GET") {
      const { phone, waba, app } = this.state;
      const configuration = { phone_number: phone, whatsapp_business_account: waba, application: app?.url };
      return [200, { id, webhook_configuration: configuration }];
    }
    const { override_callback_uri: url, verify_token: token } = body.webhook_configuration ?? {};
    if (url === "" || url === undefined) delete this.state.phone;
    else {
      const refused = this.#refused(url, token, true);
      if (refused !== undefined) return [400, refused];
      this.state.phone = url;
    }
    return [200, { success: true }];
  }

  #account(method: string, body: Body): [number, unknown] {
    const { state } = this;
    if (method === "GET") {
      const own = { whatsapp_business_api_data: { id: IDS.appId }, override_callback_uri: state.waba };
      return [200, { data: state.subscribed ? [own] : [] }];
    }
    const url = body.override_callback_uri;
    const refused = url === undefined ? undefined : this.#refused(url, body.verify_token, true);
    if (refused !== undefined) return [400, refused];
    delete state.waba;
    if (url !== undefined) state.waba = url;
    state.subscribed = method === "POST";
    return [200, { success: true }];
  }

  #app(
    method: string,
    { version, searchParams, body }: { version: string; searchParams: URLSearchParams; body: Body },
  ): [number, unknown] {
    const { app } = this.state;
    if (method === "GET") {
      const fields = [...(app?.fields ?? [])].map(([name, of]) => ({ name, version: of }));
      const own = { object: "whatsapp_business_account", callback_url: app?.url, active: true, fields };
      return [200, { data: app === undefined ? [] : [own] }];
    }
    if (method === "DELETE") {
      const gone = searchParams.get("fields")?.split(",");
      for (const name of gone ?? []) app?.fields.delete(name);
      if (gone === undefined || app?.fields.size === 0) delete this.state.app;
      return [200, { success: true }];
    }
    const url = body.callback_url ?? "";
    const refused = this.#refused(url, body.verify_token, false);
    if (refused !== undefined) return [400, refused];
    const kept = this.replacesFields ? [] : (app?.fields ?? []);
    const given = (body.fields ?? "").split(",");
    this.state.app = { url, fields: new Map([...kept, ...given.map((name) => [name, version] as const)]) };
    return [200, { success: true }];
  }

  #refused(url: string, token: unknown, override: boolean): object | undefined {
    if (override && !this.state.subscribed) {
      return fault(100, "Before override the current callback uri, your app must be subscribed to receive messages");
    }
    if (this.endpoints.get(url) === token) return undefined;
    return fault(2200, "Callback verification failed with the following errors: HTTP Status Code = 403");
  }
}

function fault(code: number, message: string, transient = false): object {
  return { error: { code, message: `(#${code}) ${message}`, type: "OAuthException", is_transient: transient } };
}
