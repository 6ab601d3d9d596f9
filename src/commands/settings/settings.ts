/** `wa-hook settings`: shows every setting and its source, with secrets masked. */
import * as z from "zod";

import { withoutPassword } from "../../http/url.ts";
import { DEVELOPMENT_FILE, knownDevelopmentSecrets } from "../../store/folder.ts";
import { defineCommand, setting, type SourcedValue } from "../../terminal/command.ts";
import { masked, pad, plain } from "../../terminal/paint.ts";
import { settings, type SettingName } from "../../terminal/settings.ts";

const names = Object.keys(settings) as SettingName[];
const inputs = z.object(Object.fromEntries(names.map((name) => [name, setting(name, "", "")])));

const GENERATED = "generated for development";
const GENERATED_SECRET = `${GENERATED}; not registered with Meta`;

interface Event {
  type: "setting";
  setting: SettingName;
  /** The name under which the value was found, or the default name. */
  name: string;
  /** Where the value comes from; missing when it is not set. */
  source?: string;
  /** Secrets are masked. */
  value?: string;
  /** Generated for development; Meta cannot know a generated app secret. */
  generated?: true;
  /** Other names that have a different value, which is not used. */
  unused: string[];
}

export const settingsCommand = defineCommand<typeof inputs, Event>({
  inputs,
  accepts: "any settings",
  examples: [
    ["wa-hook settings", "Show the settings that commands use in this folder"],
    ["wa-hook settings --env-file .env.staging", "Show the settings with another env file"],
  ],

  async *run(inputs, world) {
    const development = knownDevelopmentSecrets(world.cwd);
    for (const name of names) {
      const found = inputs[name] ?? fallback(name, development);
      const known = { type: "setting", setting: name, name: found?.name ?? settings[name].names[0] } as const;
      if (found === undefined) yield { ...known, unused: [] };
      else {
        const value = settings[name].secret && found.value !== "" ? masked(found.value) : withoutPassword(found.value);
        const generated = inputs[name] === undefined && settings[name].secret ? ({ generated: true } as const) : {};
        const unused = found.others.map((other) => other.name);
        yield { ...known, source: found.source, value, ...generated, unused };
      }
    }
  },

  print({ setting: key, name, source, value, generated, unused }, paint) {
    const label = pad(settings[key].label, 21);
    if (source === undefined) return `${label} ${paint.quiet(`not set (${name})`)}`;
    if (value === "") return `${label} ${paint.warn("empty")} ${paint.quiet(`${name} in ${source}`)}`;
    const others =
      unused.length === 0 ? "" : paint.warn(`  ${unused.join(", ")} has a different value and is not used`);
    const from = source.startsWith("the default") ? source : `${name} in ${source}`;
    const note = generated === true ? ` (${key === "appSecret" ? GENERATED_SECRET : GENERATED})` : "";
    return `${label} ${pad(plain(value ?? ""), 26)} ${paint.quiet(`${from}${note}`)}${others}`;
  },
});

function fallback(
  name: SettingName,
  development: ReturnType<typeof knownDevelopmentSecrets>,
): SourcedValue | undefined {
  const setting: { names: readonly string[]; fallback?: string } = settings[name];
  if (setting.fallback !== undefined) {
    return { value: setting.fallback, source: "the default", name: settings[name].names[0], others: [] };
  }
  if (development === undefined || (name !== "appSecret" && name !== "verifyToken")) return undefined;
  return { value: development[name], source: DEVELOPMENT_FILE, name: settings[name].names[0], others: [] };
}
