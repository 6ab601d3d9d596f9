/** Questions to the person at the terminal. */
import { InterruptedError } from "../errors.ts";
import type { Ask } from "./world.ts";

export function terminalAsk(signal: AbortSignal): Ask {
  return {
    async choose(question, choices) {
      const { select } = await import("@inquirer/prompts");
      try {
        // stdout is for data, so questions go where notices go.
        return await select({ message: question, choices: [...choices] }, { output: process.stderr, signal });
      } catch (cause) {
        if (!(cause instanceof Error) || !/^(ExitPrompt|AbortPrompt)Error$/.test(cause.name)) throw cause;
        throw new InterruptedError("stopped at a question; nothing was done", { code: "ask.interrupted", cause });
      }
    },
  };
}
