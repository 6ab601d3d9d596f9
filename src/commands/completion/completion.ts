/** `wa-hook completion`: prints a completion script for the shell. */
import * as z from "zod";

import { input, type Command } from "../../terminal/command.ts";
import { bash } from "./bash.ts";
import { completions, type Registered } from "./completions.ts";
import { fish } from "./fish.ts";
import { zsh } from "./zsh.ts";

const inputs = z.object({
  shell: input("<shell>", "bash, zsh or fish", z.enum(["bash", "zsh", "fish"], "must be bash, zsh or fish")),
});

const SHELLS = { bash, zsh, fish };

/** The completion script for a shell. */
type Event = { type: "script"; shell: string; script: string };

/** The registry is passed in, because it contains this command too. */
export function completion(commands: readonly Registered[]): Command<typeof inputs, Event> {
  return {
    inputs,
    examples: [
      ['eval "$(wa-hook completion bash)"', "In ~/.bashrc"],
      ['eval "$(wa-hook completion zsh)"', "In ~/.zshrc, after compinit"],
      ["wa-hook completion fish | source", "In ~/.config/fish/config.fish"],
    ],

    async *run({ shell }) {
      yield { type: "script", shell, script: SHELLS[shell](await completions(commands)) };
    },

    print: (_event, _paint, { script }) => script,
  };
}
