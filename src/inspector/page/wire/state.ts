/** The state of the program that serves the page, always the newest. */
import type { State } from "../../api.ts";
import { useOnLive } from "./loaded.ts";
import { get } from "./server.ts";
import { Shared, useShared } from "./shared.ts";

const state = new Shared<State | undefined>(undefined);

export async function loadState(): Promise<void> {
  try {
    state.value = await get<State>("/api/state");
  } catch {
    // The connection's status says so; the next event loads it again.
  }
}

export function useProgram(): State | undefined {
  return useShared(state);
}

/** In one component of the page. */
export function useStateUpdates(): void {
  useOnLive(
    ({ source }) => source === "state",
    () => void loadState(),
  );
}
