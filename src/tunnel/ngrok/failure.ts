/** What ngrok's SDK throws, in words that help. */
import { CredentialsError, reasonOf, UnavailableError, UsageError, WaHookError } from "../../errors.ts";
import { findNgrokError, ngrokErrorPage } from "./errors.ts";

/** Where the SDK connects when nothing else is said. */
export const NGROK_SERVICE = "connect.ngrok-agent.com:443";

export const OTHER_TUNNELS = "use --tunnel cloudflared or --public-url <https url>";

const CLASSES = { credentials: CredentialsError, usage: UsageError, unavailable: UnavailableError };

interface Asked {
  authtoken: string;
  connectUrl?: string | undefined;
  /** Who signed the certificate at the service, when that was seen. */
  issuer?: string;
}

/** The SDK's own errors are plain ones: only their text tells them apart. */
export function explainNgrok(error: unknown, { authtoken, connectUrl, issuer = "" }: Asked): WaHookError {
  if (error instanceof WaHookError) return error;
  // ngrok repeats the token that it refuses.
  const text = reasonOf(error).replaceAll(authtoken === "" ? "\0" : authtoken, "…");
  const code = /\bERR_NGROK_\d+\b/.exec(text)?.[0];
  if (code !== undefined) return refused(code, text, error);
  const service = connectUrl ?? NGROK_SERVICE;
  if (text.includes("tls handshake error")) {
    const signer = issuer === "" ? "" : `, signed by ${issuer}`;
    return new UnavailableError(`the certificate of ngrok's service at ${service} is not trusted${signer}`, {
      code: "tunnel.tls",
      hint: "if a proxy reads what is encrypted, name its CA certificate, a PEM file, in NGROK_CONNECT_CAS",
      about: [`or ${OTHER_TUNNELS}`],
      cause: error,
    });
  }
  return new UnavailableError(`ngrok opened no tunnel: ${wordsOf(text)}`, {
    code: "tunnel.refused",
    hint: `try again, or ${OTHER_TUNNELS}`,
    cause: error,
  });
}

function refused(code: string, text: string, cause: unknown): WaHookError {
  const known = findNgrokError(code);
  const words = wordsOf(text);
  const Class = CLASSES[known?.sort ?? "unavailable"];
  return new Class(`ngrok opened no tunnel: ${known?.meaning ?? words} (${code})`, {
    code: `tunnel.${code.toLowerCase().replaceAll("_", "-")}`,
    hint: known?.remedy ?? `read ${ngrokErrorPage(code)}`,
    about: [...(known === undefined || words === "" ? [] : [`ngrok says: ${words}`]), ngrokErrorPage(code)],
    facts: { ngrok: code },
    cause,
  });
}

/** ngrok's code in an explained error: `ERR_NGROK_334`. */
export function ngrokCodeOf(error: WaHookError): string | undefined {
  const { ngrok } = error.facts;
  return typeof ngrok === "string" ? ngrok : undefined;
}

/** The first sentence of the service's own words, without what the SDK puts around them. */
function wordsOf(text: string): string {
  const words = text
    .replace(/^failed to (?:connect session|start listener): /, "")
    .replace(/^authentication failure: /, "");
  const line = words.split(/[\r\n]/, 1)[0] ?? "";
  return line
    .replace(/[,.]? *(?:error_code: )?ERR_NGROK_\d+.*$/, "")
    .replace(/\.$/, "")
    .trim();
}
