/** The completion script for bash. */
import type { Completion, Values } from "./completions.ts";

export function bash(completions: readonly Completion[]): string {
  return `_wa_hook() {
  local typed="" word skip="" words="" flags="" files="" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  [[ $previous == "=" ]] && previous="\${COMP_WORDS[COMP_CWORD-2]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ -n $skip ]]; then skip=""
    elif [[ $word == --env-file ]]; then skip=1
    elif [[ $word != -* && $word != "=" ]]; then typed="\${typed:+$typed }$word"
    fi
  done
  case "$typed" in
${completions.map(branch).join("\n")}
  esac
  local current="\${COMP_WORDS[COMP_CWORD]}"
  [[ $current == "=" ]] && current=""
  [[ $current == -* || -z $words$files ]] && words="$flags" files=""
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}
complete -F _wa_hook wa-hook`;
}

function branch({ command, subcommands, flags, arguments: own }: Completion): string {
  const pattern = command === "" ? '""' : `"${command}"|"${command} "*`;
  const valued = flags.flatMap(({ names, values }) => (values === undefined ? [] : [{ names, values }]));
  const byFlag = valued.map(({ names, values }) => `      ${names.join("|")}) ${assign(values)} ;;`);
  const words = [...subcommands, ...own.words];
  const names = flags.map((flag) => flag.names.at(-1) ?? "");
  return [
    `    ${pattern}) case "$previous" in`,
    ...byFlag,
    `      *) ${assign({ words, files: own.files })} flags="${names.join(" ")}" ;;`,
    "      esac ;;",
  ].join("\n");
}

function assign({ words, files }: Values): string {
  return `words="${words.join(" ")}"${files ? " files=1" : ""}`;
}
