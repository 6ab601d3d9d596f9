/** The completion scripts, run in the shells that are installed. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";

async function script(shell: string): Promise<string> {
  const world = testWorld();
  expect(await main(["completion", shell], world)).toBe(0);
  return world.stdout.text;
}

const quoted = (word: string) => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A shell: what it needs before it completes, and a program that prints the completions of a command line, one per line. */
interface Shell {
  args: readonly string[];
  stubs: string;
  print(line: string): string;
}

const wordsIn = (line: string) => line.split(" ").map(quoted).join(" ");

const SHELLS: Record<string, Shell> = {
  bash: {
    args: ["-c"],
    stubs: "",
    print: (line) =>
      `(COMP_WORDS=(${wordsIn(line)}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _wa_hook; printf '%s\\n' "\${COMPREPLY[@]}")`,
  },
  // zsh completes only in its line editor, so what the script calls is replaced by functions that filter and print.
  zsh: {
    args: ["-f", "-c"],
    stubs: `compdef() { :; }; compset() { return 1; }
compadd() { shift; print -rl -- "\${(M)@:#\${words[CURRENT]}*}"; }
_files() { print -rl -- \${words[CURRENT]}*(N); }`,
    print: (line) => `(words=(${wordsIn(line)}); CURRENT=\${#words}; _wa_hook)`,
  },
  fish: { args: ["-c"], stubs: "", print: (line) => `complete -C ${quoted(line)} | string replace -r '\\t.*' ''` },
};

/** Command lines, and what completes their last word. */
const COMPLETED: Record<string, string[]> = {
  "wa-hook ":
    "init dev listen replay check verify emulate exec send media template flow token doctor webhook events fixtures mcp settings completion".split(
      " ",
    ),
  "wa-hook li": ["listen"],
  "wa-hook token ex": ["exchange"],
  "wa-hook events ": ["check", "conversation", "diff", "export", "import", "list", "prune", "retry", "show"],
  "wa-hook token refresh --if": ["--if-expires-within"],
  "wa-hook events export --l": ["--limit"],
  "wa-hook replay text --wr": ["--wrong-secret"],
  "wa-hook replay text.em": ["text.emoji"],
  "wa-hook fixtures show text.em": ["text.emoji"],
  "wa-hook replay --escape ": ["basic", "full"],
  "wa-hook send text Hi --wait d": ["delivered"],
  "wa-hook completion z": ["zsh"],
  "wa-hook send text --access-token-file t": ["token.txt"],
  "wa-hook --env-file .env": [".env.staging"],
  "wa-hook --env-file .env.staging sett": ["settings"],
};

const isInstalled = (shell: string) => process.platform !== "win32" && spawnSync(shell, ["-c", "exit 0"]).status === 0;

test.each(Object.entries(SHELLS).filter(([shell]) => isInstalled(shell)))(
  "%s completes commands, flags, values, fixtures and files",
  async (shell, { args, stubs, print }) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "token.txt"), "");
    writeFileSync(join(cwd, ".env.staging"), "");
    const printed = Object.keys(COMPLETED).map((line) => `echo ${quoted(`$ ${line}`)}\n${print(line)}`);
    const program = [stubs, await script(shell), ...printed].join("\n");
    const { stdout } = spawnSync(shell, [...args, program], { cwd, encoding: "utf8" });
    const completions = stdout
      .split(/^\$ /m)
      .slice(1)
      .map((section) => section.split("\n"))
      .map(([line = "", ...words]) => [line, words.filter(Boolean).toSorted()] as const);
    const expected = Object.entries(COMPLETED).map(([line, words]) => [line, words.toSorted()] as const);
    expect(completions).toEqual(expected);
  },
);

test.each(Object.keys(SHELLS))("the script for %s has commands, flags and fixtures", async (shell) => {
  const source = await script(shell);
  for (const word of ["listen", "replay", "events", "export", "forward-to", "wrong-secret", "text.emoji"]) {
    expect(source).toContain(word);
  }
});
