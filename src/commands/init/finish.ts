/** The end of `wa-hook init`: the file is written, kept from git, shown, and the next command named. */
import { InterruptedError } from "../../errors.ts";
import { saveEnv } from "../../terminal/env-file.ts";
import { masked } from "../../terminal/paint.ts";
import { settings, type SettingName } from "../../terminal/settings.ts";
import { ignore, standingInGit } from "./gitignore.ts";
import type { Reach } from "./reach.ts";
import type { InitEvent } from "./view.ts";
import type { Step, Wizard } from "./wizard.ts";

/** Nothing is written before this. */
export async function* write({ answers, ask, world }: Wizard, gitignore: boolean): Step {
  const { file, path } = answers;
  const changes = answers.changes();
  const standing = standingInGit(path, world);
  const question = `git does not ignore ${file}. Add it to .gitignore?`;
  const ignoring = standing === "open" && (gitignore || (await ask?.confirm(question, true)) === true);
  if (world.signal.aborted) throw new InterruptedError("stopped; nothing was written", { code: "init.interrupted" });
  const names = Object.keys(changes);
  const madePrivate = names.length > 0 && saveEnv(path, changes).madePrivate;
  yield { type: "saved", file, names };
  if (madePrivate) yield { type: "made-private", file };
  if (ignoring) {
    ignore(path);
    yield { type: "ignored", file };
  }
  if (standing === "open" && !ignoring)
    yield warning(`git does not ignore ${file}`, "add it to .gitignore before you commit; --gitignore does it");
  if (standing === "tracked")
    yield warning(
      `git has ${file} already, and ignoring it does not change that`,
      `git rm --cached ${file}, then take new secrets: the old ones are in its history`,
    );
  for (const name of answers.hidden())
    yield warning(`${name} in the environment goes before ${file}, and is another one`, `unset ${name}`);
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
/** Of these there is nothing to say when they are not set. */
const UNCOMMON = new Set<SettingName>(["ngrokAuthtoken", "graphUrl"]);

export function* summary({ answers }: Wizard): Generator<InitEvent, void, void> {
  for (const setting of SUMMARY) {
    const found = answers.inUse(setting);
    const { names, secret } = settings[setting];
    if (found !== undefined) {
      const value = secret ? masked(found.value) : found.value;
      yield { type: "setting", setting, name: found.name, source: found.source, value };
    } else if (!UNCOMMON.has(setting)) yield { type: "setting", setting, name: names[0] };
  }
}

export function next({ answers, temporary }: Wizard, reach: Reach): InitEvent {
  const { file } = answers;
  const env = file === ".env" ? "" : ` --env-file ${/^[\w./-]+$/.test(file) ? file : JSON.stringify(file)}`;
  const commands = [listen(reach)];
  if (temporary) commands.push({ line: "wa-hook token", about: "until when the temporary token lives" });
  return { type: "next", commands: commands.map(({ line, about }) => ({ line: `${line}${env}`, about })) };
}

function listen(reach: Reach): { line: string; about: string } {
  const about = "opens a tunnel, tells Meta its address, shows what arrives";
  switch (reach.by) {
    case "ngrok":
      return { line: `wa-hook listen${reach.ready ? "" : " --tunnel ngrok"} --register phone`, about };
    case "cloudflared":
      return { line: "wa-hook listen --tunnel cloudflared --register phone", about };
    case "public-url":
      return {
        line: `wa-hook listen --public-url ${reach.url} --register phone`,
        about: "tells Meta your address, shows what arrives",
      };
    case "none":
      return { line: "wa-hook listen", about: "on this machine; wa-hook replay delivers to it" };
  }
}
