/** Who may do what: the token and its proof, the object that the path names, and the permission that the call needs. */
import { appSecretProof } from "../../graph/proof.ts";
import { Refusal } from "../http/answer.ts";
import { NO_TOKEN, parametersOf, textAt, type Call } from "../http/call.ts";
import type { Shelf } from "../messaging/media-store.ts";
import type { Account } from "../options.ts";
import { MESSAGING, type Token, type Tokens } from "./tokens.ts";

/** What an id in a path can stand for. */
export type Node = "phone" | "waba" | "app" | "media";

/** Who asks, and for what; before the body was read, or after. */
export type Asker = Pick<Call, "id" | "method" | "token"> & Partial<Call>;

const PROOF_SECONDS = 300;

export class Access {
  readonly #account: Account;
  readonly #tokens: Tokens;
  readonly #shelf: Shelf;
  readonly #requireProof: boolean;

  constructor(account: Account, { tokens, shelf }: { tokens: Tokens; shelf: Shelf }, requireProof: boolean) {
    this.#account = account;
    this.#tokens = tokens;
    this.#shelf = shelf;
    this.#requireProof = requireProof;
  }

  /**
   * The token that the call came with. Throws the answer when there is none, or it or its proof is no good. The proof, which may be in
   * the body, is checked when that was read.
   */
  tokenOf(asker: Asker): Token {
    if (asker.token === undefined) throw new Refusal(104, { message: NO_TOKEN });
    const token = this.#tokens.use(asker.token);
    if (isRead(asker)) this.#checkProof(asker, token);
    return token;
  }

  /** Throws the answer when the token may not see the object, or may not do this. */
  check(asker: Asker, node: Node | undefined, scope: string | undefined): void {
    const token = this.tokenOf(asker);
    if (node === undefined || !this.#sees(token, node)) throw this.nothingAt(asker);
    if (scope === undefined || token.scopes.includes(scope)) return;
    if (scope !== MESSAGING) {
      throw new Refusal(10, { message: "(#10) Application does not have permission for this action" });
    }
    const message =
      "(#200) You do not have the necessary permissions required to send messages on behalf of this WhatsApp Business Account";
    throw new Refusal(200, { message });
  }

  /** What an id stands for. */
  nodeOf(id: string): Node | undefined {
    const { phoneNumberId, businessAccountId, appId } = this.#account;
    if (id === phoneNumberId) return "phone";
    if (id === businessAccountId) return "waba";
    if (id === appId) return "app";
    return this.#shelf.get(id) === undefined ? undefined : "media";
  }

  /** The answer to an id that is none, or that the token may not see, or that cannot be used like this. */
  nothingAt({ method, id }: { method: string; id: string }, userMessage?: string): Refusal {
    const message =
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing ` +
      "permissions, or does not support this operation. Please read the Graph API documentation at " +
      "https://developers.facebook.com/docs/graph-api";
    const more = userMessage === undefined ? {} : { userMessage };
    return new Refusal(100, { message, subcode: 33, type: "GraphMethodException", ...more });
  }

  #sees(token: Token, node: Node): boolean {
    if (node === "app") return token.appId === this.#account.appId;
    return token.type !== "APP" && token.target === this.#account.businessAccountId;
  }

  #checkProof(call: Call, token: Token): void {
    const parameters = parametersOf(call);
    const proof = textAt(parameters, "appsecret_proof");
    if (proof === undefined) {
      if (!this.#requireProof || token.type === "APP") return;
      const message = "API calls from the server require an appsecret_proof argument";
      throw new Refusal(100, { message, type: "GraphMethodException" });
    }
    const time = textAt(parameters, "appsecret_time");
    const signed = time === undefined ? token.value : `${token.value}|${time}`;
    const fresh = time === undefined || Math.abs(Date.now() / 1000 - Number(time)) <= PROOF_SECONDS;
    const expected = appSecretProof(signed, this.#account.appSecret);
    if (proof === expected && fresh && token.appId === this.#account.appId) return;
    const message = "Invalid appsecret_proof provided in the API argument";
    throw new Refusal(100, { message, type: "GraphMethodException" });
  }
}

function isRead(asker: Asker): asker is Call {
  return asker.body !== undefined;
}

/** The app's own id, secret and token, which some calls take instead of a person's. Throws the answer when they are wrong. */
export function checkClient(parameters: Record<string, unknown>, account: Account): void {
  const [id, secret] = [textAt(parameters, "client_id"), textAt(parameters, "client_secret")];
  if (id === undefined) throw new Refusal(101, { message: "Missing client_id parameter." });
  if (id !== account.appId) {
    const message = "Error validating application. Cannot get application info due to a system error.";
    throw new Refusal(101, { message });
  }
  if (secret === undefined) throw new Refusal(1, { message: "Missing client_secret parameter." });
  if (secret !== account.appSecret) throw new Refusal(1, { message: "Error validating client secret." });
}
