/** How the events of a public URL are printed: the tunnel, the self-check, the registration. */
import { ms, pad, plain, type Paint } from "../../terminal/paint.ts";
import { LABEL, registrationLine, wrapLabeled } from "../views/registration.ts";
import type { PublicEvent } from "./public-url.ts";

type OfType<Type extends PublicEvent["type"]> = Extract<PublicEvent, { type: Type }>;

export function publicLine(event: PublicEvent, paint: Paint): string {
  if (event.type === "tunnel") return wrapLabeled(tunnelLine(event, paint), paint);
  if (event.type === "self-check") return wrapLabeled(selfCheckLine(event, paint), paint);
  return registrationLine(event, paint);
}

function tunnelLine(event: OfType<"tunnel">, paint: Paint): string {
  switch (event.state) {
    case "opening":
      return paint.quiet(`Opening the ${event.provider} tunnel …`);
    case "connected": {
      const { url = "", changed } = event as { url?: string; changed?: boolean };
      const moved = changed === true ? ` with a new URL: ${paint.name(plain(url))}` : "";
      return `${paint.good("✓")} ${pad("Tunnel", LABEL)} reconnected${moved}`;
    }
    case "disconnected": {
      const { reason = "" } = event as { reason?: string };
      return `${paint.warn("!")} ${pad("Tunnel", LABEL)} disconnected (${plain(reason)}); reconnecting`;
    }
    case "reconnecting": {
      const { reason = "", retryMs = 0 } = event as { reason?: string; retryMs?: number };
      return `${paint.warn("!")} ${pad("Tunnel", LABEL)} still disconnected (${plain(reason)}); retrying in ${ms(retryMs)}`;
    }
    case "closed": {
      const { reason = "", hint } = event as { reason?: string; hint?: string };
      const next = hint === undefined ? "" : `\n  → ${plain(hint)}`;
      return `${paint.bad("✗")} ${pad("Tunnel", LABEL)} closed: ${plain(reason)}${next}`;
    }
  }
}

function selfCheckLine(event: OfType<"self-check">, paint: Paint): string {
  if (event.ok)
    return `${paint.good("✓")} ${pad("Self-check", LABEL)} handshake and signed delivery through the public URL, ${ms(event.ms)}`;
  return `${paint.bad("✗")} ${pad("Self-check", LABEL)} ${event.step} failed: ${plain(event.got)}\n  → ${plain(event.fix)}`;
}
