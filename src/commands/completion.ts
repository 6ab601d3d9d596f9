/** `wa-hook completion`: a script for the shell that completes commands and flags. */
import * as z from "zod";

import { defineCommand, fieldsOf, input } from "../cli/command.ts";

const inputs = z.object({
  shell: input("<shell>", "bash, zsh or fish", z.enum(["bash", "zsh", "fish"], "must be bash, zsh or fish")),
});

const GLOBAL_FLAGS = ["--json", "--env-file", "--no-color", "--quiet", "--help"];

/** The words that may follow: by the command typed so far, `""` at the start. */
type Words = Map<string, string[]>;

export const completion = defineCommand<typeof inputs, { type: "script"; shell: string; script: string }>({
  inputs,
  examples: [
    ['eval "$(wa-hook completion bash)"', "in ~/.bashrc"],
    ['eval "$(wa-hook completion zsh)"', "in ~/.zshrc, after compinit"],
    ["wa-hook completion fish | source", "in ~/.config/fish/config.fish"],
  ],

  async *run({ shell }) {
    const words = await wordsByCommand();
    yield { type: "script", shell, script: { bash, zsh, fish }[shell](words) };
  },

  print: ({ script }) => script,
});

async function wordsByCommand(): Promise<Words> {
  const { commands } = await import("./index.ts");
  const words: Words = new Map([["", []]]);
  for (const { name, load } of commands) {
    const [first = "", second] = name.split(" ");
    const start = words.get("") as string[];
    if (!start.includes(first)) start.push(first);
    if (second !== undefined) words.set(first, [...(words.get(first) ?? []), second]);
    const flags = fieldsOf(await load()).flatMap(({ usage }) => /--[a-z-]+/.exec(usage)?.[0] ?? []);
    words.set(name, [...flags, ...GLOBAL_FLAGS]);
  }
  return words;
}

function cases(words: Words, line: (command: string, following: string) => string): string {
  return [...words].map(([command, following]) => line(command, following.join(" "))).join("\n");
}

function bash(words: Words): string {
  return `_wa_hook() {
  local typed="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || typed="\${typed:+$typed }$word"; done
  local words=""
  case "$typed" in
${cases(words, (command, following) => `    "${command}"${command === "" || command.includes(" ") ? "" : `|"${command} "*`}) words="${following}" ;;`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _wa_hook wa-hook`;
}

function zsh(words: Words): string {
  return `_wa_hook() {
  local typed="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do [[ $word == -* ]] || typed="\${typed:+$typed }$word"; done
  case "$typed" in
${cases(words, (command, following) => `    "${command}") compadd -- ${following} ;;`)}
    *) _files ;;
  esac
}
compdef _wa_hook wa-hook`;
}

function fish(words: Words): string {
  return cases(words, (command, following) => {
    const condition =
      command === ""
        ? "__fish_use_subcommand"
        : command
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return `complete -c wa-hook -n '${condition}' -a '${following}'`;
  });
}
