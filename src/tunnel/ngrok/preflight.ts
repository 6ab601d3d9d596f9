/** Checks that the ngrok service is reachable before the SDK is called: its errors give no reason, and its calls can hang forever. */
import { isIP } from "node:net";
import { connect } from "node:tls";

import { systemCode, UnavailableError } from "../../errors.ts";
import { withTimeLimit, type TimeLimit } from "../time-limit.ts";
import { OTHER_TUNNELS } from "./error-codes.ts";

const TLS_PORT = 443;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "host name not found",
  EAI_AGAIN: "DNS lookup failed",
  ENETUNREACH: "network unreachable",
  EHOSTUNREACH: "host unreachable",
  ECONNRESET: "connection reset",
};

/** Resolves with the issuer of the certificate that the service presents. The SDK decides whether to trust it. */
export async function preflight(service: string, limit: TimeLimit): Promise<string> {
  const [host = "", port = TLS_PORT] = service.split(":");
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ host, port: Number(port), ...servername, rejectUnauthorized: false });
  const handshake = new Promise<string>((resolve, reject) => {
    socket.once("secureConnect", () => {
      const { issuer } = socket.getPeerCertificate();
      resolve([issuer?.O ?? issuer?.CN ?? ""].flat()[0] ?? "");
    });
    socket.on("error", (cause) => reject(unreachable(service, cause)));
    socket.once("close", () => reject(unreachable(service, new Error("connection closed during the TLS handshake"))));
  });
  try {
    return await withTimeLimit(handshake, limit);
  } finally {
    socket.destroy();
  }
}

function unreachable(service: string, cause: Error): UnavailableError {
  const code = systemCode(cause) ?? "";
  const reason = REASONS[code] ?? (code.startsWith("ERR_SSL_") ? "not a TLS server" : cause.message);
  return new UnavailableError(`the ngrok service at ${service} is unreachable: ${reason}`, {
    code: "tunnel.unreachable",
    hint: `check the network; behind a proxy, which the ngrok SDK does not support, ${OTHER_TUNNELS}`,
    cause,
  });
}
