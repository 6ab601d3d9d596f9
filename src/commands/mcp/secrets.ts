/** Every secret that the settings hold at this moment, so that no result contains one. */
import { UsageError } from "../../errors.ts";
import { knownDevelopmentSecrets } from "../../store/folder.ts";
import { readSources, resolveSetting, settings, type SettingName, type Sources } from "../../terminal/settings.ts";
import type { Kit } from "./kit.ts";

/** Also those that others take precedence over. */
export function secretsOf({ world, envFile, given }: Kit): string[] {
  const sources = ifReadable<Sources>(() => readSources(world, envFile)) ?? {
    environment: world.env,
    file: undefined,
  };
  const names = (Object.keys(settings) as SettingName[]).filter((name) => settings[name].secret);
  const found = names.flatMap((name) => [given[name], resolveSetting(name, sources)]);
  const development = ifReadable(() => knownDevelopmentSecrets(world.cwd));
  return [
    ...found.flatMap((each) => (each === undefined ? [] : [each.value, ...each.others.map(({ value }) => value)])),
    ...(development === undefined ? [] : [development.appSecret, development.verifyToken]),
  ];
}

/** The commands report what cannot be read. */
function ifReadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
