/** `wa-hook completion`: a script for the shell that completes commands and flags. */
import * as z from "zod";

import { defineCommand, fieldsOf, input } from "../../terminal/command.ts";

const inputs = z.object({
  shell: input("<shell>", "bash, zsh or fish", z.enum(["bash", "zsh", "fish"], "must be bash, zsh or fish")),
});

const GLOBAL_FLAGS = ["--json", "--env-file", "--no-color", "--quiet", "--help"];

/** What may follow: by the command typed so far, which is empty at the start. */
interface Following {
  typed: string;
  words: string[];
  /** The command is whole: its own arguments may come before the next word. */
  whole: boolean;
}

export const completion = defineCommand<typeof inputs, { type: "script"; shell: string; script: string }>({
  inputs,
  examples: [
    ['eval "$(wa-hook completion bash)"', "in ~/.bashrc"],
    ['eval "$(wa-hook completion zsh)"', "in ~/.zshrc, after compinit"],
    ["wa-hook completion fish | source", "in ~/.config/fish/config.fish"],
  ],

  async *run({ shell }) {
    yield { type: "script", shell, script: { bash, zsh, fish }[shell](await followings()) };
  },

  print: (_event, _paint, { script }) => script,
});

async function followings(): Promise<Following[]> {
  const { commands } = await import("../index.ts");
  const names = commands.map(({ name }) => name);
  const outer = [...new Set(names.flatMap((name) => (name.includes(" ") ? (name.split(" ")[0] ?? []) : [])))];
  const firsts = [...new Set(names.map((name) => name.split(" ")[0] ?? ""))];
  const innerOf = (first: string) =>
    names.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
  const leaves = commands.map(async ({ name, load }) => {
    const flags = fieldsOf(await load()).flatMap(({ usage }) => /--[a-z-]+/.exec(usage)?.[0] ?? []);
    return { typed: name, words: [...innerOf(name), ...flags, ...GLOBAL_FLAGS], whole: true };
  });
  return [
    { typed: "", words: firsts, whole: false },
    ...outer
      .filter((first) => !names.includes(first))
      .map((first) => ({ typed: first, words: innerOf(first), whole: false })),
    // The first that fits is taken, so `token exchange` comes before `token`.
    ...(await Promise.all(leaves)).toSorted((a, b) => b.typed.length - a.typed.length),
  ];
}

/** The branches of a `case` in bash and zsh. */
function cases(all: readonly Following[], action: (words: string, whole: boolean) => string): string {
  const branch = ({ typed, words, whole }: Following) =>
    `    "${typed}"${whole ? `|"${typed} "*` : ""}) ${action(words.join(" "), whole)} ;;`;
  return all.map(branch).join("\n");
}

function bash(all: readonly Following[]): string {
  return `_wa_hook() {
  local typed="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || typed="\${typed:+$typed }$word"; done
  case "$typed" in
${cases(all, (words) => `words="${words}"`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _wa_hook wa-hook`;
}

function zsh(all: readonly Following[]): string {
  return `_wa_hook() {
  local typed="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do [[ $word == -* ]] || typed="\${typed:+$typed }$word"; done
  case "$typed" in
${cases(all, (words, whole) => `compadd -- ${words}${whole ? "; _files" : ""}`)}
  esac
}
compdef _wa_hook wa-hook`;
}

function fish(all: readonly Following[]): string {
  const line = ({ typed, words, whole }: Following) => {
    const seen = typed.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
    const unseen = whole ? [] : words.map((word) => `not __fish_seen_subcommand_from ${word}`);
    const when = typed === "" ? "__fish_use_subcommand" : [...seen, ...unseen].join("; and ");
    return `complete -c wa-hook ${whole ? "" : "-f "}-n '${when}' -a '${words.join(" ")}'`;
  };
  return all.map(line).join("\n");
}
