/** The prompt of `wa-hook dev`: a message of the customer, a command of the emulator, or `rs`. */
import type { Supervisor } from "../../app/supervisor.ts";
import { chatCompletions } from "../../emulator/chat-input.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { chatOf, typedLines, type Reply } from "../emulate/chat.ts";

export const RESTART = "rs";

interface Parts {
  supervisor: Supervisor | undefined;
  emulator: Emulator | undefined;
}

/** Does what each typed line says until the signal aborts. */
export async function readTyped({ supervisor, emulator }: Parts, world: World, emit: (reply: Reply) => void) {
  const chat = emulator === undefined ? undefined : chatOf(emulator);
  const completions = [RESTART, ...(emulator === undefined ? [] : chatCompletions())];
  for await (const line of typedLines(world, completions)) {
    const typed = line.trim();
    if (typed === "") continue;
    if (typed === RESTART) {
      if (supervisor === undefined)
        emit(notice("There is no app to restart", "start it with wa-hook dev -- <command>"));
      else supervisor.restart();
      continue;
    }
    const reply = chat === undefined ? unknown(typed) : await chat(typed);
    if (reply !== undefined) emit(reply);
  }
}

function unknown(typed: string): Reply {
  if (typed === "/help") return { type: "help" };
  return notice(
    "Only the emulator's customer writes here",
    "omit --live, or write from your phone; rs restarts the app",
  );
}
