/** The end of `wa-hook init`: saves the env file, keeps it out of git, and suggests the next command. */
import { InterruptedError } from "../../errors.ts";
import { envName } from "../../setting-names.ts";
import { saveEnv } from "../../terminal/env-file.ts";
import { addToGitignore, gitProblem, gitStatusOf } from "../../terminal/gitignore.ts";
import { masked } from "../../terminal/paint.ts";
import { settings, type SettingName } from "../../terminal/settings.ts";
import type { Answers } from "./answers.ts";
import type { Session } from "./run-step.ts";
import type { TunnelChoice } from "./tunnel.ts";
import type { InitEvent } from "./view.ts";

/** Nothing is written before this. */
export async function* save(
  { answers, ask, world }: Session,
  gitignore: boolean,
): AsyncGenerator<InitEvent, void, void> {
  const { file, path } = answers;
  const changes = answers.changes();
  const status = gitStatusOf(path, world);
  const question = `${file} is not ignored by git. Add it to .gitignore?`;
  const ignoring = status === "untracked" && (gitignore || (await ask?.confirm(question, true)) === true);
  if (world.signal.aborted) throw new InterruptedError("interrupted; nothing was saved", { code: "init.interrupted" });
  const names = Object.keys(changes);
  const madePrivate = names.length > 0 && saveEnv(path, changes).madePrivate;
  yield { type: "saved", file, names };
  if (madePrivate) yield { type: "made-private", file };
  if (ignoring) {
    addToGitignore(path);
    yield { type: "ignored", file };
  }
  const git = ignoring ? undefined : gitProblem(file, status);
  if (git !== undefined) {
    yield warning(git.problem, status === "untracked" ? `${git.fix}, or use --gitignore` : git.fix);
  }
  for (const name of answers.overridden()) {
    yield warning(
      `${name} in the environment takes precedence over ${file} and has a different value`,
      `unset ${name}`,
    );
  }
}

function warning(problem: string, fix: string): InitEvent {
  return { type: "warning", problem, fix };
}

const SUMMARY: readonly SettingName[] = [
  "appId",
  "appSecret",
  "accessToken",
  "businessAccountId",
  "phoneNumberId",
  "verifyToken",
  "allowedNumbers",
  "ngrokAuthtoken",
  "graphUrl",
];
/** Not mentioned when they are not set. */
const UNCOMMON = new Set<SettingName>(["ngrokAuthtoken", "graphUrl"]);

export function* summarize(answers: Answers): Generator<InitEvent, void, void> {
  for (const setting of SUMMARY) {
    const found = answers.afterSaving(setting);
    const { names, secret } = settings[setting];
    if (found !== undefined) {
      const value = secret ? masked(found.value) : found.value;
      yield { type: "setting", setting, name: found.name, source: found.source, value };
    } else if (!UNCOMMON.has(setting)) yield { type: "setting", setting, name: names[0] };
  }
}

interface NextCommand {
  line: string;
  about: string;
}

export function next(file: string, tunnel: TunnelChoice, temporary: boolean): InitEvent {
  const env = file === ".env" ? "" : ` --env-file ${/^[\w./-]+$/.test(file) ? file : JSON.stringify(file)}`;
  const commands = [listen(tunnel, file)];
  if (temporary) commands.push({ line: "wa-hook token", about: "Show when the temporary token expires" });
  return { type: "next", commands: commands.map(({ line, about }) => ({ line: `${line}${env}`, about })) };
}

const REGISTER = "Open a tunnel, register its URL with Meta, and show what arrives";

function listen(tunnel: TunnelChoice, file: string): NextCommand {
  switch (tunnel.by) {
    case "ngrok":
      if (tunnel.hasToken) return { line: "wa-hook listen --register phone", about: REGISTER };
      return {
        line: "wa-hook listen",
        about: `Local only; to receive from Meta, set ${envName("ngrokAuthtoken")} in ${file}`,
      };
    case "cloudflared":
      return { line: "wa-hook listen --tunnel cloudflared --register phone", about: REGISTER };
    case "public-url":
      return {
        line: `wa-hook listen --public-url ${tunnel.url} --register phone`,
        about: "Register your URL with Meta, and show what arrives",
      };
    case "none":
      return { line: "wa-hook listen", about: "Local only; wa-hook replay delivers to it" };
  }
}
