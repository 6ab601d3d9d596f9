/** Opens a tunnel with the official ngrok SDK. It reconnects after every outage that is not final. */
import type { Tunnel } from "../tunnel.ts";
import type { NgrokOptions } from "./options.ts";
import { loadSdk } from "./sdk.ts";
import { NgrokTunnel } from "./tunnel.ts";
import { validateAddress, validateCertificates } from "./validate.ts";

export type { NgrokOptions } from "./options.ts";

/**
 * Resolves when the tunnel is online. Throws a `CredentialsError` for a missing or refused token, a `UsageError` for an invalid domain,
 * address or certificate, and an `UnavailableError` when the service is unreachable or the account is at a limit.
 *
 * Closing the tunnel releases its URL. The SDK keeps its connection, and sometimes a call that never settles, until the process exits.
 */
export async function openNgrok(options: NgrokOptions): Promise<Tunnel> {
  validateAddress(options.connectUrl);
  validateCertificates(options.connectCas);
  const tunnel = new NgrokTunnel(await loadSdk(), options);
  await tunnel.open(options.signal);
  return tunnel;
}
