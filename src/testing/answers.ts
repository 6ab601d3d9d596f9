/** What an app sent to an emulator until now, and the wait for more. */
import type { Emulator } from "../emulator/emulator.ts";
import { UsageError } from "../errors.ts";
import { readAnswer, type Answer } from "../messages/answer.ts";

/** The accepted answers among the emulator's latest requests, oldest first; `reset()` of the emulator forgets them. */
export function answersIn(emulator: Emulator): Answer[] {
  checkEmulator(emulator);
  return emulator.requests.flatMap(({ method, path, body, at, status }) =>
    status < 400 ? readAnswer({ method, path, body, at }) : [],
  );
}

/** Resolves with whether it was enough: as soon as it is, after `ms` milliseconds, or when the emulator is closed. */
export async function waitForAnswers(emulator: Emulator, enough: () => boolean, ms: number): Promise<boolean> {
  if (enough()) return true;
  const events = emulator.events();
  const timer = setTimeout(() => void events.return?.(), ms);
  try {
    for await (const { type } of events) if (type === "request" && enough()) return true;
  } finally {
    clearTimeout(timer);
  }
  return enough();
}

function checkEmulator(received: unknown): void {
  if (typeof received === "object" && received !== null && "requests" in received && "env" in received) return;
  throw new UsageError("this matcher needs an emulator", {
    code: "matcher.emulator",
    hint: "const emulator = await startEmulator(); expect(emulator)…",
  });
}
