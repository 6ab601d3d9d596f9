/** The inspector's server: the page and its API, and what programs read, on a loopback address of this machine. */
import { randomBytes } from "node:crypto";

import type { LocalResponse, Routes } from "../http/local-routes.ts";
import { startLocalServer, type LocalServer } from "../http/local-server.ts";
import { adminRoutes } from "../listener/admin.ts";
import { TOKEN_HEADER, type Live } from "./api.ts";
import { Conversations } from "./conversations.ts";
import { History } from "./history.ts";
import { Ledger } from "./ledger.ts";
import { LiveEvents } from "./live.ts";
import { Media } from "./media.ts";
import { Notes } from "./notes.ts";
import { pageFiles } from "./page-files.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import type { Parts } from "./routes/parts.ts";
import { scenarioRoutes } from "./routes/scenarios.ts";
import { stateRoutes } from "./routes/state.ts";
import { Scenarios } from "./scenarios.ts";
import type { Sources } from "./sources.ts";

export interface Inspector extends LocalServer {
  /** What happened since the start: the traces of deliveries are made of it. */
  readonly ledger: Ledger;
  /** Shows something to the pages that are open; `{ source: "state" }` after a change of the sources. */
  emit(event: Live): void;
}

/**
 * Starts on the port or the next free one; 0 means any. `programs` are further routes, for programs only. The page's requests that
 * change something need a token that is only in the page. Throws an `UnavailableError` when all ports are in use.
 */
export async function startInspector(port: number, sources: Sources, programs: Routes = new Map()): Promise<Inspector> {
  const { listener, cwd } = sources;
  const [token, start] = [randomBytes(32).toString("base64url"), randomBytes(6).toString("hex")];
  const closing = new AbortController();
  const ledger = new Ledger(listener !== undefined);
  const live = new LiveEvents(sources, ledger, start);
  const media = new Media(sources);
  const history = listener === undefined ? undefined : new History(listener.listener.store);
  const parts: Parts = {
    sources,
    ledger,
    live,
    history,
    conversations: new Conversations({ sources, history, ledger, media }),
    media,
    notes: new Notes(cwd),
    scenarios: new Scenarios(cwd),
    signal: closing.signal,
  };
  const health: Routes = listener === undefined ? emulatorHealth() : adminRoutes(listener.monitor);
  const routes: Routes = new Map([
    ...pageFiles(token),
    ...health,
    ...programs,
    ...stateRoutes(parts),
    ...deliveryRoutes(parts),
    ...conversationRoutes(parts),
    ...scenarioRoutes(parts),
  ]);
  const end = () => {
    closing.abort();
    live[Symbol.dispose]();
  };
  try {
    const server = await startLocalServer(port, routes, {
      header: TOKEN_HEADER,
      token,
      programs: new Set([...programs.keys()].map((route) => route.split(" ")[1] ?? "")),
    });
    const close = async () => {
      end();
      await server.close();
    };
    return { url: server.url, ledger, emit: (event) => live.emit(event), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    end();
    throw error;
  }
}

/** An emulator has no metrics of its own. */
function emulatorHealth(): Routes {
  const ok: LocalResponse = {
    contentType: "application/json",
    body: `${JSON.stringify({ status: "ok", reasons: [] })}\n`,
  };
  return new Map([["GET /health", () => ok]]);
}
