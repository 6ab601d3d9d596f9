/** How the way from Meta to this machine reads: the tunnel, the look from outside, the registration. */
import { ms, plain, type Paint } from "../../terminal/paint.ts";
import { registrationLine } from "../views/registration.ts";
import type { OutsideEvent } from "./public-url.ts";

type OfType<Type extends OutsideEvent["type"]> = Extract<OutsideEvent, { type: Type }>;

export function outsideLine(event: OutsideEvent, paint: Paint): string {
  if (event.type === "tunnel") return tunnelLine(event, paint);
  if (event.type === "self-check") return selfCheckLine(event, paint);
  return registrationLine(event, paint);
}

function tunnelLine(event: OfType<"tunnel">, paint: Paint): string {
  switch (event.state) {
    case "opening":
      return paint.quiet(`Opening the ${event.provider} tunnel …`);
    case "up": {
      const { url = "", changed } = event as { url?: string; changed?: boolean };
      return `${paint.good("✓")} tunnel is back${changed === true ? `, with another address: ${paint.name(plain(url))}` : ""}`;
    }
    case "down": {
      const { reason = "", retryMs } = event as { reason?: string; retryMs?: number };
      const away = retryMs === undefined ? "tunnel is away" : "tunnel is still away";
      const next = retryMs === undefined ? "it goes on here meanwhile" : `next try in ${ms(retryMs)}`;
      return `${paint.warn("!")} ${away}: ${plain(reason)}; ${next}`;
    }
    case "ended": {
      const { reason = "", hint } = event as { reason?: string; hint?: string };
      return `${paint.bad("✗")} tunnel has ended: ${plain(reason)}${hint === undefined ? "" : `\n  → ${plain(hint)}`}`;
    }
  }
}

function selfCheckLine(event: OfType<"self-check">, paint: Paint): string {
  if (event.ok) return `${paint.good("✓")} reached from outside: handshake and signed delivery in ${ms(event.ms)}`;
  const edge = event.edgeCode === undefined ? "" : ` (${plain(event.edgeCode)})`;
  return `${paint.bad("✗")} not reached from outside: the ${event.step} got ${plain(event.got)}${edge}\n  → ${plain(event.fix)}`;
}
