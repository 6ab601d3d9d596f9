/** Authentication and authorization: the token and its proof, the node in the path, and the permission that a route requires. */
import { appSecretProof } from "../../graph/proof.ts";
import { NO_TOKEN, parametersOf, textAt, type Call } from "../http/call.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import type { MediaStore } from "../messaging/media-store.ts";
import type { Account } from "../options.ts";
import { businessIdOf } from "./account.ts";
import type { Apps } from "./apps.ts";
import type { PhoneNumbers } from "./phone-numbers.ts";
import { MESSAGING, type Token, type Tokens } from "./tokens.ts";

/** The kind of object that an id in a path refers to. */
export type Node =
  | "phone"
  | "waba"
  | "app"
  | "media"
  | "template"
  | "user"
  | "business"
  | "flow"
  | "group"
  | "signup"
  | "upload";

/** What knows the ids of one kind of object. */
export type Stores = Readonly<Partial<Record<Node, { has(id: string): boolean }>>>;

/** The caller of a request; the body's parameters are present once it has been read. */
export type Caller = Pick<Call, "id" | "method" | "token"> & Partial<Call>;

const PROOF_SECONDS = 300;

export class Access {
  readonly #account: Account;
  readonly #tokens: Tokens;
  readonly #mediaStore: MediaStore;
  readonly #apps: Apps;
  readonly #phoneNumbers: PhoneNumbers;
  readonly #stores: Stores;
  readonly #requireProof: boolean;

  constructor(
    account: Account,
    {
      tokens,
      mediaStore,
      apps,
      phoneNumbers,
      stores,
    }: { tokens: Tokens; mediaStore: MediaStore; apps: Apps; phoneNumbers: PhoneNumbers; stores: Stores },
    requireProof: boolean,
  ) {
    this.#account = account;
    this.#tokens = tokens;
    this.#mediaStore = mediaStore;
    this.#apps = apps;
    this.#phoneNumbers = phoneNumbers;
    this.#stores = stores;
    this.#requireProof = requireProof;
  }

  /**
   * The token of the request. Throws a `GraphErrorResponse` when it is missing or it or its proof is invalid. The proof can be in the
   * body, so it is checked once the body has been read.
   */
  tokenOf(caller: Caller): Token {
    if (caller.token === undefined) throw new GraphErrorResponse(104, { message: NO_TOKEN });
    const token = this.#tokens.requireValid(caller.token);
    if (hasBody(caller)) this.#checkProof(caller, token);
    return token;
  }

  /** Throws a `GraphErrorResponse` when the token has no access to the node or lacks the permission. */
  check(caller: Caller, node: Node | undefined, scope: string | undefined): void {
    const token = this.tokenOf(caller);
    if (node === undefined || !this.#canAccess(token, node, caller.id)) throw this.notFound(caller);
    if (scope === undefined || token.scopes.includes(scope)) return;
    if (scope !== MESSAGING) {
      throw new GraphErrorResponse(10, { message: "(#10) Application does not have permission for this action" });
    }
    const message =
      "(#200) You do not have the necessary permissions required to send messages on behalf of this WhatsApp Business Account";
    throw new GraphErrorResponse(200, { message });
  }

  /** The kind of object with this id. */
  nodeOf(id: string): Node | undefined {
    const { businessAccountId } = this.#account;
    if (this.#phoneNumbers.get(id) !== undefined) return "phone";
    if (id === businessAccountId) return "waba";
    if (this.#apps.get(id) !== undefined) return "app";
    if (id === businessIdOf(this.#account)) return "business";
    if (this.#tokens.isUser(id)) return "user";
    if (this.#mediaStore.get(id) !== undefined) return "media";
    return (Object.keys(this.#stores) as Node[]).find((node) => this.#stores[node]?.has(id));
  }

  /** The error for an id that does not exist, is not accessible with the token, or does not support the operation. */
  notFound({ method, id }: { method: string; id: string }, userMessage?: string): GraphErrorResponse {
    const message =
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing ` +
      "permissions, or does not support this operation. Please read the Graph API documentation at " +
      "https://developers.facebook.com/docs/graph-api";
    const more = userMessage === undefined ? {} : { userMessage };
    return new GraphErrorResponse(100, { message, subcode: 33, type: "GraphMethodException", ...more });
  }

  #canAccess(token: Token, node: Node, id: string): boolean {
    if (node === "app") return token.appId === id;
    if (node === "upload") return token.appId === this.#account.appId;
    if (node === "user") return token.userId === id;
    return token.type !== "APP" && token.target === this.#account.businessAccountId;
  }

  #checkProof(call: Call, token: Token): void {
    const parameters = parametersOf(call);
    const proof = textAt(parameters, "appsecret_proof");
    if (proof === undefined) {
      if (!this.#requireProof || token.type === "APP") return;
      const message = "API calls from the server require an appsecret_proof argument";
      throw new GraphErrorResponse(100, { message, type: "GraphMethodException" });
    }
    const time = textAt(parameters, "appsecret_time");
    const signed = time === undefined ? token.value : `${token.value}|${time}`;
    const fresh = time === undefined || Math.abs(Date.now() / 1000 - Number(time)) <= PROOF_SECONDS;
    const app = this.#apps.get(token.appId);
    if (app !== undefined && proof === appSecretProof(signed, app.secret) && fresh) return;
    const message = "Invalid appsecret_proof provided in the API argument";
    throw new GraphErrorResponse(100, { message, type: "GraphMethodException" });
  }
}

function hasBody(caller: Caller): caller is Call {
  return caller.body !== undefined;
}

/** Checks the app id and app secret that OAuth routes require. Throws a `GraphErrorResponse` when they are wrong. */
export function checkClient(parameters: Record<string, unknown>, account: Account): void {
  const [id, secret] = [textAt(parameters, "client_id"), textAt(parameters, "client_secret")];
  if (id === undefined) throw new GraphErrorResponse(101, { message: "Missing client_id parameter." });
  if (id !== account.appId) {
    const message = "Error validating application. Cannot get application info due to a system error.";
    throw new GraphErrorResponse(101, { message });
  }
  if (secret === undefined) throw new GraphErrorResponse(1, { message: "Missing client_secret parameter." });
  if (secret !== account.appSecret) throw new GraphErrorResponse(1, { message: "Error validating client secret." });
}
