/** How webhooks of Meta reach this machine: the choice of a tunnel in `wa-hook init`. */
import { masked } from "../../terminal/paint.ts";
import { ngrokConfig, tunnelInputs } from "../inputs/tunnel.ts";
import { askOne, existing, type Session } from "./run-step.ts";
import type { Prompt } from "./step.ts";
import type { InitEvent } from "./view.ts";

/** `hasToken`: ngrok's authtoken is set, so that the tunnel can be opened. */
export type TunnelChoice =
  | { by: "ngrok"; hasToken: boolean }
  | { by: "cloudflared" | "none" }
  | { by: "public-url"; url: string };

export interface TunnelFlags {
  tunnel?: "ngrok" | "cloudflared" | "none" | undefined;
  publicUrl?: URL | undefined;
}

const AUTHTOKEN: Prompt = {
  setting: "ngrokAuthtoken",
  text: "ngrok authtoken (dashboard.ngrok.com → Your Authtoken)",
  optional: true,
  validate: (typed) =>
    /^[\w-]{20,}$/.test(typed) ? undefined : "an authtoken has about 49 letters, digits and _: copy it again",
};

const CHOICES: readonly { name: string; value: TunnelChoice["by"] }[] = [
  { name: "ngrok (free account required)", value: "ngrok" },
  { name: "cloudflared (must be installed, no account)", value: "cloudflared" },
  { name: "my own public URL", value: "public-url" },
  { name: "none: this machine only", value: "none" },
];

export async function* chooseTunnel(
  session: Session,
  { tunnel, publicUrl }: TunnelFlags,
): AsyncGenerator<InitEvent, TunnelChoice, void> {
  const { ask } = session;
  if (publicUrl !== undefined) return { by: "public-url", url: publicUrl.origin };
  if (tunnel !== undefined && tunnel !== "ngrok") return { by: tunnel };
  if (yield* findAuthtoken(session)) return { by: "ngrok", hasToken: true };
  const by = tunnel ?? (await ask?.choose("How do webhooks reach this machine?", CHOICES)) ?? "none";
  if (by === "public-url") {
    const typed = (await ask?.text("Public URL:", { validate: validateUrl })) ?? "";
    // The listener determines the path.
    return { by, url: new URL(typed).origin };
  }
  if (by !== "ngrok") return { by };
  return { by, hasToken: (await askOne(AUTHTOKEN, session)) !== undefined };
}

/** Whether the authtoken is known without asking, from the settings or from ngrok's own configuration. */
async function* findAuthtoken({ answers, world }: Session): AsyncGenerator<InitEvent, boolean, void> {
  yield* existing("ngrokAuthtoken", answers);
  if (answers.settled("ngrokAuthtoken") !== undefined) return true;
  if (answers.get("ngrokAuthtoken") !== undefined) return false;
  const { authtoken, path = "" } = (await ngrokConfig(world)) ?? {};
  if (!authtoken) return false;
  yield { type: "kept", setting: "ngrokAuthtoken", name: "authtoken", source: path, value: masked(authtoken) };
  return true;
}

function validateUrl(typed: string): string | undefined {
  const read = tunnelInputs.publicUrl.safeParse(typed);
  return read.success && typed !== "" ? undefined : "use a URL that starts with https://, which Meta requires";
}
