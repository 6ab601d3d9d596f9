/** Chooses the tunnel: the requested one, or ngrok when its token is set. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { input, setting, type SourcedValue } from "../../terminal/command.ts";
import { refuseForeignRecipients } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import type { NgrokConfig } from "../../tunnel/ngrok/config.ts";
import type { Tunnel, TunnelOptions } from "../../tunnel/tunnel.ts";

const httpsUrl = z.string().transform((typed, context) => {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  const local = url?.hostname === "localhost" || url?.hostname === "127.0.0.1";
  if (url !== undefined && (url.protocol === "https:" || (url.protocol === "http:" && local))) return url;
  context.addIssue("must be an https:// URL; Meta accepts no other");
  return z.NEVER;
});

export const tunnelInputs = {
  tunnel: input(
    "--tunnel <provider>",
    "Tunnel: ngrok, cloudflared or none (default: ngrok when its token is set)",
    z.enum(["ngrok", "cloudflared", "none"], "must be ngrok, cloudflared or none").optional(),
  ),
  publicUrl: input("--public-url <https url>", "Use a public URL of your own tunnel or proxy", httpsUrl.optional()),
  domain: setting("ngrokDomain", "--domain <name>", "ngrok domain to use"),
  ngrokAuthtoken: setting("ngrokAuthtoken", "--ngrok-authtoken-file <file>", "Read the ngrok token from a file"),
  ngrokConnectUrl: setting("ngrokConnectUrl", "--ngrok-url <host:port>", "Connect to another ngrok service"),
  ngrokConnectCas: setting(
    "ngrokConnectCas",
    "--ngrok-ca <file>",
    "Trust the certificates in this PEM file for the ngrok service",
  ),
};

export type TunnelInputs = z.output<z.ZodObject<typeof tunnelInputs>>;

/** Defined by the build. */
declare const WA_HOOK_VERSION: string;

/** Host and port of the local listener. */
export type Address = Required<Pick<TunnelOptions, "host" | "port">>;

/** How the listener becomes public. */
export interface Choice {
  provider: Tunnel["provider"];
  /** Requested explicitly, so a failure ends the command. */
  asked: boolean;
  open(listener: Address, signal: AbortSignal): Promise<Tunnel>;
}

const WAYS = "set NGROK_AUTHTOKEN, or use --tunnel cloudflared or --public-url";

/** The tunnel to open, or why there is none. */
export async function chooseTunnel(inputs: TunnelInputs, world: World): Promise<Choice | { why?: string }> {
  const { tunnel, publicUrl } = inputs;
  if (publicUrl !== undefined) {
    const { openPublicUrl } = await import("../../tunnel/public-url.ts");
    return { provider: "public-url", asked: true, open: () => Promise.resolve(openPublicUrl(publicUrl)) };
  }
  if (tunnel === "none") return {};
  if (tunnel === "cloudflared") {
    const { openCloudflared } = await import("../../tunnel/cloudflared.ts");
    return {
      provider: "cloudflared",
      asked: true,
      open: (listener, signal) => openCloudflared({ ...listener, signal, env: world.env }),
    };
  }
  return (await chooseNgrok(inputs, world)) ?? { why: `Local only. To receive from Meta, ${WAYS}` };
}

async function chooseNgrok(inputs: TunnelInputs, world: World): Promise<Choice | undefined> {
  const asked = inputs.tunnel === "ngrok";
  const known = await ngrokConfig(world);
  const authtoken = inputs.ngrokAuthtoken?.value ?? known?.authtoken ?? (asked ? await askToken(world) : undefined);
  if (authtoken === undefined) return undefined;
  const { ngrokConnectUrl, ngrokConnectCas } = inputs;
  const ngrokAuthtoken = inputs.ngrokAuthtoken ?? notFromFile(authtoken, known);
  refuseForeignRecipients({ ngrokAuthtoken, ngrokConnectUrl, ngrokConnectCas });
  const connectUrl = ngrokConnectUrl?.value ?? known?.connectUrl;
  const connectCas = readCas(ngrokConnectCas, world) ?? known?.connectCas;
  const domain = inputs.domain?.value ?? known?.domain;
  const { openNgrok } = await import("../../tunnel/ngrok/ngrok.ts");
  return {
    provider: "ngrok",
    asked,
    open: (listener, signal) =>
      openNgrok({
        ...listener,
        signal,
        authtoken,
        clientVersion: WA_HOOK_VERSION,
        ...(domain === undefined ? {} : { domain }),
        ...(connectUrl === undefined ? {} : { connectUrl }),
        ...(connectCas === undefined ? {} : { connectCas }),
      }),
  };
}

/** A token from ngrok's own settings or from the prompt. */
function notFromFile(value: string, known: NgrokConfig | undefined): SourcedValue {
  const source = known?.authtoken === undefined ? "the prompt" : known.path;
  return { value, source, name: "authtoken", others: [] };
}

/** The settings in ngrok's own configuration file. */
export async function ngrokConfig({ env }: World): Promise<NgrokConfig | undefined> {
  const home = env["HOME"] ?? env["USERPROFILE"];
  if (home === undefined) return undefined;
  const { findNgrokConfig } = await import("../../tunnel/ngrok/config.ts");
  return findNgrokConfig({ env, platform: process.platform, home });
}

async function askToken({ ask }: World): Promise<string> {
  if (ask !== undefined) return ask.secret("ngrok token (dashboard.ngrok.com → Your Authtoken):");
  throw new UsageError("--tunnel ngrok requires a token, and none is set", {
    code: "tunnel.token",
    hint: `use --ngrok-authtoken-file <file>, ${WAYS}`,
  });
}

function readCas(setting: SourcedValue | undefined, { cwd }: World): string | undefined {
  if (setting === undefined) return undefined;
  try {
    return readFileSync(resolve(cwd, setting.value), "utf8");
  } catch (cause) {
    throw new UsageError(`cannot read ${setting.name} ${setting.value}: ${reasonOf(cause)}`, {
      code: "tunnel.cas",
      hint: "use a PEM file with the CA certificate of the ngrok service",
      cause,
    });
  }
}
