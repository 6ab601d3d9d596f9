/** A tunnel by ngrok's official SDK, which comes back after every outage that can pass. */
import { reasonOf, UnavailableError } from "../../errors.ts";
import type { Tunnel } from "../tunnel.ts";
import { checkAddress, checkCertificates } from "./connection.ts";
import { OTHER_TUNNELS } from "./failure.ts";
import type { NgrokOptions } from "./options.ts";
import type { Sdk } from "./sdk.ts";
import { NgrokTunnel } from "./tunnel.ts";

export type { NgrokOptions } from "./options.ts";

/**
 * Resolves when the URL is there. Throws a `CredentialsError` for a token that is missing or refused, a `UsageError` for a domain, an
 * address or certificates that cannot be used, and an `UnavailableError` when the service cannot be reached or has no room.
 *
 * Closing lets go of the URL. The SDK itself holds its connection, and sometimes a call that never ends, until the process exits.
 */
export async function openNgrok(options: NgrokOptions): Promise<Tunnel> {
  checkAddress(options.connectUrl);
  checkCertificates(options.connectCas);
  const tunnel = new NgrokTunnel(await loadSdk(), options);
  await tunnel.open(options.signal);
  return tunnel;
}

async function loadSdk(): Promise<Sdk> {
  try {
    return (await import("@ngrok/ngrok")).default;
  } catch (cause) {
    const { platform, arch } = process;
    throw new UnavailableError(`ngrok's SDK cannot be loaded on this machine (${platform} ${arch})`, {
      code: "tunnel.not-loaded",
      hint: OTHER_TUNNELS,
      about: [
        reasonOf(cause).replace(/\n[^]*/, ""),
        "it comes in a package of its own for each system: an installation with --omit=optional has none",
      ],
      cause,
    });
  }
}
