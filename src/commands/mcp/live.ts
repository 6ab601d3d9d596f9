/** The tools inside `wa-hook dev`: they see what the page shows. */
import type { Sources } from "../../inspector/sources.ts";
import type { Toolbox } from "../../mcp/server.ts";
import { customerOf } from "./customer.ts";
import { noEmulator } from "./customer.ts";
import type { Kit } from "./kit.ts";
import { liveRecordings } from "./recordings.ts";
import { secretsOf } from "./secrets.ts";
import { toolsFor } from "./tools/index.ts";

/** Nobody was asked whether test deliveries may leave this machine. */
const ALLOW_REMOTE = false;

export function liveToolbox(sources: Sources, session: Pick<Kit, "world" | "envFile" | "given">): Toolbox {
  const { listener, emulator, version } = sources;
  const store = listener?.storeFile;
  const given = {
    ...session.given,
    ...(store === undefined ? {} : { store: { name: "store", value: store, source: "wa-hook dev", others: [] } }),
  };
  const kit: Kit = {
    ...session,
    given,
    app: listener?.forwardTo[0],
    allowRemote: ALLOW_REMOTE,
    async openRecordings() {
      if (listener === undefined) throw noEmulator("nothing is received");
      return liveRecordings(listener.listener.store);
    },
    async customer() {
      if (emulator !== undefined) return customerOf(emulator);
      throw noEmulator("wa-hook dev runs with the real account");
    },
  };
  return { version, tools: toolsFor(kit), secrets: () => secretsOf(kit) };
}
