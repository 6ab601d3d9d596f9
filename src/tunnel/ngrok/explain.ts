/** Turns errors of the ngrok SDK into errors with a reason and a hint. */
import { CredentialsError, reasonOf, UnavailableError, UsageError, WaHookError } from "../../errors.ts";
import { findNgrokError, ngrokErrorPage, OTHER_TUNNELS } from "./error-codes.ts";

/** The SDK's default address. */
export const NGROK_SERVICE = "connect.ngrok-agent.com:443";

const CLASSES = { credentials: CredentialsError, usage: UsageError, unavailable: UnavailableError };

interface Context {
  authtoken: string;
  connectUrl?: string | undefined;
  /** Issuer of the certificate that the service presents, if known. */
  issuer?: string;
}

/** The SDK throws plain errors: only their text differs. */
export function explainNgrok(error: unknown, { authtoken, connectUrl, issuer = "" }: Context): WaHookError {
  if (error instanceof WaHookError) return error;
  // The service repeats a refused token in its message.
  const text = reasonOf(error).replaceAll(authtoken === "" ? "\0" : authtoken, "…");
  const code = /\bERR_NGROK_\d+\b/.exec(text)?.[0];
  if (code !== undefined) return explainCode(code, text, error);
  const service = connectUrl ?? NGROK_SERVICE;
  if (text.includes("tls handshake error")) {
    const by = issuer === "" ? "" : ` (issued by ${issuer})`;
    return new UnavailableError(`the certificate of the ngrok service at ${service} is not trusted${by}`, {
      code: "tunnel.tls",
      hint: "behind a proxy that inspects TLS, set NGROK_CONNECT_CAS to its CA certificate (a PEM file)",
      about: [`or ${OTHER_TUNNELS}`],
      cause: error,
    });
  }
  return new UnavailableError(`ngrok did not open the tunnel: ${messageOf(text)}`, {
    code: "tunnel.refused",
    hint: `try again, or ${OTHER_TUNNELS}`,
    cause: error,
  });
}

function explainCode(code: string, text: string, cause: unknown): WaHookError {
  const known = findNgrokError(code);
  const message = messageOf(text);
  const Class = CLASSES[known?.category ?? "unavailable"];
  return new Class(`ngrok did not open the tunnel: ${known?.meaning ?? message} (${code})`, {
    code: `tunnel.${code.toLowerCase().replaceAll("_", "-")}`,
    hint: known?.remedy ?? `see ${ngrokErrorPage(code)}`,
    about: [...(known === undefined || message === "" ? [] : [`message from ngrok: ${message}`]), ngrokErrorPage(code)],
    facts: { ngrok: code },
    cause,
  });
}

/** The ngrok code of an explained error: `ERR_NGROK_334`. */
export function ngrokCodeOf(error: WaHookError): string | undefined {
  const { ngrok } = error.facts;
  return typeof ngrok === "string" ? ngrok : undefined;
}

/** The first sentence of the service's message, without the SDK's prefix. */
function messageOf(text: string): string {
  const message = text
    .replace(/^failed to (?:connect session|start listener): /, "")
    .replace(/^authentication failure: /, "");
  const line = message.split(/[\r\n]/, 1)[0] ?? "";
  return line
    .replace(/[,.]? *(?:error_code: )?ERR_NGROK_\d+.*$/, "")
    .replace(/\.$/, "")
    .trim();
}
