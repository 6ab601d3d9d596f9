/** The completion script for fish. */
import type { Completion, Flag, Values } from "./completions.ts";

export function fish(completions: readonly Completion[]): string {
  return `function __wa_hook_command
  set -l typed
  set -l skip
  for word in (commandline -opc)[2..-1]
    if test -n "$skip"
      set skip
    else if test "$word" = --env-file
      set skip 1
    else if not string match -q -- '-*' $word
      set -a typed $word
    end
  end
  set typed (string join ' ' -- $typed)
  for command in ${completions.map(({ command }) => `'${command}'`).join(" ")}
    if test "$typed" = "$command"; or string match -q -- "$command ?*" "$typed"
      test "$command" = "$argv[1]"
      return
    end
  end
  return 1
end
complete -c wa-hook -f
${completions.flatMap(linesOf).join("\n")}`;
}

function linesOf({ command, subcommands, flags, arguments: own }: Completion): string[] {
  const start = `complete -c wa-hook -n '__wa_hook_command "${command}"'`;
  const words = [...subcommands, ...own.words];
  return [
    ...(words.length === 0 ? [] : [`${start} -a '${words.join(" ")}'`]),
    ...(own.files ? [`${start} -F`] : []),
    ...flags.map((flag) => `${start} ${flagOptions(flag)}`),
  ];
}

function flagOptions({ names, values }: Flag): string {
  const options = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return [...options, ...(values === undefined ? [] : [valueOptions(values)])].join(" ");
}

function valueOptions({ words, files }: Values): string {
  const choices = words.length === 0 ? "" : ` -a '${words.join(" ")}'`;
  return `${files ? "-r -F" : "-x"}${choices}`;
}
