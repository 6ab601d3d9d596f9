/** The environment of a program that works with the emulator: each setting under every name that existing projects use. */
import { settingNames } from "../setting-names.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** These name the listener's own port, so an app gets them only from the command that starts it. */
const PORTS: readonly string[] = settingNames.port;

/**
 * The environment `own` with the settings in place of its own ones. Other names of a setting are replaced too: an app that reads
 * `ACCESS_TOKEN` must not send a real token to the emulator.
 */
export function withSettings(own: Environment, settings: Readonly<Record<string, string>>): Record<string, string> {
  const merged: Record<string, string | undefined> = { ...own, ...settings };
  for (const names of Object.values<readonly string[]>(settingNames)) {
    const given = names.find((name) => Object.hasOwn(settings, name));
    if (given === undefined || names.some((name) => PORTS.includes(name))) continue;
    for (const name of names) merged[name] = settings[given];
  }
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
