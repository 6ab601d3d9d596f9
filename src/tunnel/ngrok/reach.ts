/** Whether ngrok's service can be reached, asked before its SDK is: the SDK gives no reasons, and its calls may hang for ever. */
import { isIP } from "node:net";
import { connect } from "node:tls";

import { systemCode, UnavailableError } from "../../errors.ts";
import { within, type TimeLimit } from "../time-limit.ts";
import { OTHER_TUNNELS } from "./failure.ts";

const TLS_PORT = 443;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "no such name is known",
  EAI_AGAIN: "names cannot be looked up just now",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "no way leads there",
  ECONNRESET: "the connection is cut at once",
};

/** Resolves with the name of who signed the certificate there. Trusting it is the SDK's matter. */
export async function reachService(service: string, limit: TimeLimit): Promise<string> {
  const [host = "", port = TLS_PORT] = service.split(":");
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ host, port: Number(port), ...servername, rejectUnauthorized: false });
  const shaken = new Promise<string>((resolve, reject) => {
    socket.once("secureConnect", () => {
      const { issuer } = socket.getPeerCertificate();
      resolve([issuer?.O ?? issuer?.CN ?? ""].flat()[0] ?? "");
    });
    socket.on("error", (cause) => reject(unreachable(service, cause)));
    socket.once("close", () => reject(unreachable(service, new Error("the connection is cut at once"))));
  });
  try {
    return await within(shaken, limit, () => {});
  } finally {
    socket.destroy();
  }
}

function unreachable(service: string, cause: Error): UnavailableError {
  const code = systemCode(cause) ?? "";
  const reason = REASONS[code] ?? (code.startsWith("ERR_SSL_") ? "what listens there speaks no TLS" : cause.message);
  return new UnavailableError(`ngrok's service at ${service} cannot be reached: ${reason}`, {
    code: "tunnel.unreachable",
    hint: `look at the network; if only a proxy leads outside, ${OTHER_TUNNELS}, as ngrok's SDK goes through none`,
    cause,
  });
}
