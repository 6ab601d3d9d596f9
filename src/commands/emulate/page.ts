/** The page of `wa-hook emulate`. */
import type { Emulator } from "../../emulator/emulator.ts";
import { UnavailableError } from "../../errors.ts";
import { notice, type Notice } from "../../terminal/command.ts";

declare const WA_HOOK_VERSION: string;

interface Page extends AsyncDisposable {
  url?: string;
  /** Why there is none. */
  note?: Notice;
}

export async function openPage(
  emulator: Emulator,
  cwd: string,
  { port, webhook }: { port: number; webhook?: URL | undefined },
): Promise<Page> {
  const { startInspector } = await import("../../inspector/server.ts");
  const sources = { command: "emulate", version: WA_HOOK_VERSION, emulator, cwd } as const;
  try {
    return await startInspector(port, { ...sources, ...(webhook === undefined ? {} : { webhook }) });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const note = notice(`No page: ${error.message}`, "set another port with --page-port");
    return { note, [Symbol.asyncDispose]: async () => {} };
  }
}
