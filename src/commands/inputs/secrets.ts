/** The secrets that a command works with: the settings, or the development secrets when nothing is set. */
import { DEVELOPMENT_FILE, developmentSecrets } from "../../store/folder.ts";
import type { SourcedValue } from "../../terminal/command.ts";

export interface Secret {
  value: string;
  /** Where it came from, in words: `WHATSAPP_APP_SECRET in .env`. */
  source: string;
  /** Made by wa-hook because none was set. */
  development: boolean;
}

export function appSecretOf(setting: SourcedValue | undefined, cwd: string): Secret {
  return setting === undefined ? inDevelopment(developmentSecrets(cwd).appSecret) : fromSetting(setting);
}

export function verifyTokenOf(setting: SourcedValue | undefined, cwd: string): Secret {
  return setting === undefined ? inDevelopment(developmentSecrets(cwd).verifyToken) : fromSetting(setting);
}

function inDevelopment(value: string): Secret {
  return { value, source: `made for development, in ${DEVELOPMENT_FILE}`, development: true };
}

function fromSetting({ value, name, source }: SourcedValue): Secret {
  return { value, source: `${name} in ${source}`, development: false };
}
