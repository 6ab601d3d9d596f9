/** When the certificate of a public URL expires. */
const TIMEOUT_MS = 10_000;

/** In milliseconds since 1970; undefined when there is no connection or no certificate. Only its end is read: whether it is trusted is not checked. */
export async function certificateEnd(url: string, signal: AbortSignal): Promise<number | undefined> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "https:" || signal.aborted) return undefined;
  const { connect } = await import("node:tls");
  const host = hostname.replaceAll(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    // A name for an IP address is not allowed in TLS.
    const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false, ...servername });
    const done = (end?: number) => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      resolve(end);
    };
    const abort = () => done();
    signal.addEventListener("abort", abort, { once: true });
    socket.setTimeout(TIMEOUT_MS, () => done());
    socket.on("error", () => done());
    socket.on("secureConnect", () => {
      const end = Date.parse(socket.getPeerCertificate().valid_to);
      done(Number.isNaN(end) ? undefined : end);
    });
  });
}
