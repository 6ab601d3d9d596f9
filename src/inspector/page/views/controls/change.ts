/** Changes what the emulator does. */
import type { EmulatorChange } from "../../../api.ts";
import { attempt } from "../../parts/toast.tsx";
import { send } from "../../wire/server.ts";
import { loadState } from "../../wire/state.ts";

/** Resolves with whether it succeeded; an error is shown. */
export async function change(what: EmulatorChange, done: string): Promise<boolean> {
  const ok = await attempt(() => send("PUT", "/api/emulator", what), done);
  await loadState();
  return ok;
}
