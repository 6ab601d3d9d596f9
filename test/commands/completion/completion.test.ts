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

/** Programs that print the completions of a command line, one per line. */
const SHELLS: Record<string, (script: string, line: string) => string> = {
  bash: (script, line) => {
    const words = line.split(" ").map(quoted).join(" ");
    return `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _wa_hook; printf '%s\\n' "\${COMPREPLY[@]}"`;
  },
  // zsh completes only in its line editor, so what the script calls is replaced by functions that filter and print.
  zsh: (script, line) => {
    const words = line.split(" ").map(quoted).join(" ");
    const stubs = `compdef() { :; }; compset() { return 1; }
compadd() { shift; print -rl -- "\${(M)@:#\${words[CURRENT]}*}"; }
_files() { print -rl -- \${words[CURRENT]}*(N); }`;
    return `${stubs}\n${script}\nwords=(${words}); CURRENT=\${#words}; _wa_hook`;
  },
  fish: (script, line) => `${script}\ncomplete -C ${quoted(line)} | string replace -r '\\t.*' ''`,
};

const isInstalled = (shell: string) => process.platform !== "win32" && spawnSync(shell, ["-c", "exit 0"]).status === 0;

const COMMANDS =
  "init listen replay emulate send media template token doctor webhook events fixtures settings completion";

test.each(Object.keys(SHELLS).filter(isInstalled))(
  "%s completes commands, flags, values, fixtures and files",
  async (shell) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "token.txt"), "");
    writeFileSync(join(cwd, ".env.staging"), "");
    const source = await script(shell);
    const complete = (line: string) => {
      const args = shell === "zsh" ? ["-f", "-c"] : ["-c"];
      const { stdout } = spawnSync(shell, [...args, SHELLS[shell]?.(source, line) ?? ""], { cwd, encoding: "utf8" });
      return stdout.split("\n").filter(Boolean).toSorted();
    };
    expect(complete("wa-hook ")).toEqual(COMMANDS.split(" ").toSorted());
    expect(complete("wa-hook li")).toEqual(["listen"]);
    expect(complete("wa-hook token ex")).toEqual(["exchange"]);
    expect(complete("wa-hook events ")).toEqual(["export", "list", "show"]);
    expect(complete("wa-hook token refresh --if")).toEqual(["--if-expires-within"]);
    expect(complete("wa-hook events export --l")).toEqual(["--limit"]);
    expect(complete("wa-hook replay text --wr")).toEqual(["--wrong-secret"]);
    expect(complete("wa-hook replay text.em")).toEqual(["text.emoji"]);
    expect(complete("wa-hook fixtures show text.em")).toEqual(["text.emoji"]);
    expect(complete("wa-hook replay --escape ")).toEqual(["basic", "full"]);
    expect(complete("wa-hook send text Hi --wait d")).toEqual(["delivered"]);
    expect(complete("wa-hook completion z")).toEqual(["zsh"]);
    expect(complete("wa-hook send text --access-token-file t")).toEqual(["token.txt"]);
    expect(complete("wa-hook --env-file .env")).toEqual([".env.staging"]);
    expect(complete("wa-hook --env-file .env.staging sett")).toEqual(["settings"]);
  },
);

test.each(Object.keys(SHELLS))("the script for %s has commands, flags and fixtures", async (shell) => {
  const source = await script(shell);
  for (const word of ["listen", "replay", "events", "export", "forward-to", "wrong-secret", "text.emoji"]) {
    expect(source).toContain(word);
  }
});
