/** Sends a recorded delivery to the app again: the bytes as they were, or an edited payload in Meta's encoding, signed again. */
import { UsageError } from "../errors.ts";
import { isLoopback } from "../http/url.ts";
import { isReadable } from "../json.ts";
import { Forwarder } from "../listener/forward.ts";
import type { Delivery } from "../store/store.ts";
import { META_HEADERS, signatures } from "../webhook/headers.ts";
import { encodeWireText } from "../webhook/wire.ts";
import type { ReplayResult } from "./api.ts";
import type { Sources } from "./sources.ts";

/** As long as the listener waits for the app. */
const TIMEOUT_MS = 30_000;

export interface Again {
  /** The edited payload as JSON text. */
  json?: string;
  /** Default: the first app. */
  to?: string;
}

/** Throws a `UsageError` when the payload is not JSON, or the address is not one that deliveries may be sent to. */
export async function sendAgain(delivery: Delivery, { json, to }: Again, sources: Sources): Promise<ReplayResult> {
  const target = targetOf(to, sources);
  const { listener } = sources;
  const outgoing = json === undefined ? delivery : edited(json, listener?.appSecret);
  const headers = listener?.headers === undefined ? {} : { headers: { ...listener.headers } };
  const forwarder = await Forwarder.open({ to: target, timeoutMs: TIMEOUT_MS, ...headers });
  try {
    const { status, ms, advice, response } = await forwarder.forward(outgoing);
    return {
      to: target.href,
      ms,
      ...(status === undefined ? {} : { status }),
      ...(response === undefined ? {} : { response }),
      ...(advice === undefined ? {} : { advice }),
    };
  } finally {
    await forwarder.close();
  }
}

/** An app that deliveries are forwarded to, or an address of this machine; never another. */
export function targetOf(to: string | undefined, { listener, standIn, webhook }: Sources): URL {
  const known = [
    ...(listener?.forwardTo ?? []),
    ...(standIn === undefined ? [] : [standIn.url]),
    ...(webhook === undefined ? [] : [webhook]),
  ];
  if (to === undefined) {
    const [first] = known;
    if (first !== undefined) return first;
    throw new UsageError("there is no app to send it to", {
      code: "inspector.no-app",
      hint: "start with --forward-to and the port of your app",
    });
  }
  const url = URL.canParse(to) ? new URL(to) : undefined;
  const isKnown = url !== undefined && known.some(({ href }) => href === url.href);
  const isLocal = url !== undefined && /^https?:$/.test(url.protocol) && isLoopback(url);
  if (url !== undefined && (isKnown || isLocal)) return url;
  throw new UsageError("deliveries are sent again only to your app or to this machine", {
    code: "inspector.elsewhere",
    hint: "use an address such as http://localhost:3000/webhook",
  });
}

function edited(json: string, appSecret: string | undefined): Pick<Delivery, "headers" | "body"> {
  if (!isReadable(json)) {
    throw new UsageError("the payload is not JSON, or nested too deeply", { code: "inspector.not-json" });
  }
  const body = encodeWireText(json);
  const signed = appSecret === undefined ? [] : signatures(body, appSecret);
  return { body, headers: [...META_HEADERS, ...signed].map(([name, value]) => [name, value]) };
}
