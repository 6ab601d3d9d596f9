/** The completion script for zsh. */
import type { Completion, Values } from "./completions.ts";

export function zsh(completions: readonly Completion[]): string {
  return `_wa_hook() {
  local typed="" word skip="" previous="\${words[CURRENT-1]}"
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $skip ]]; then skip=""
    elif [[ $word == --env-file ]]; then skip=1
    elif [[ $word != -* ]]; then typed="\${typed:+$typed }$word"
    fi
  done
  if compset -P '--*='; then previous="\${IPREFIX%=}"; fi
  case "$typed" in
${completions.map(branch).join("\n")}
  esac
}
compdef _wa_hook wa-hook`;
}

const CURRENT_WORD = "${words[CURRENT]}";

function branch({ command, subcommands, flags, arguments: own }: Completion): string {
  const pattern = command === "" ? '""' : `"${command}"|"${command} "*`;
  const valued = flags.flatMap(({ names, values }) => (values === undefined ? [] : [{ names, values }]));
  const byFlag = valued.map(({ names, values }) => `      ${names.join("|")}) ${add(values)} ;;`);
  const words = [...subcommands, ...own.words];
  const names = flags.map((flag) => flag.names.at(-1) ?? "");
  const addFlags = `compadd -- ${names.join(" ")}`;
  const nothing = words.length === 0 && !own.files;
  return [
    `    ${pattern}) case "$previous" in`,
    ...byFlag,
    nothing
      ? `      *) ${addFlags} ;;`
      : `      *) if [[ ${CURRENT_WORD} == -* ]]; then ${addFlags}; else ${add({ words, files: own.files })}; fi ;;`,
    "      esac ;;",
  ].join("\n");
}

function add({ words, files }: Values): string {
  const actions = [...(words.length === 0 ? [] : [`compadd -- ${words.join(" ")}`]), ...(files ? ["_files"] : [])];
  return actions.length === 0 ? ":" : actions.join("; ");
}
