/** A token that Meta has just made: alone on stdout, or into the env file. */
import { resolve } from "node:path";

import * as z from "zod";

import { UsageError } from "../../errors.ts";
import { span } from "../../graph/token-findings.ts";
import type { NewToken } from "../../graph/token.ts";
import { input, notice, type Notice, type Printed, type SourcedValue } from "../../terminal/command.ts";
import { madePrivateText, saveEnv } from "../../terminal/env-file.ts";
import { masked, type Paint } from "../../terminal/paint.ts";
import { envFileOf, isFlag, settings } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";

/** The whole token is in an event only when it is what stdout is for. */
export type NewTokenEvent =
  | { type: "new-token"; token: string; expiresIn?: number }
  | { type: "saved-token"; token: string; file: string; name: string; expiresIn?: number };

export const saveInput = input(
  "--save [file]",
  "write it into the env file that the old one came from, or into this one",
  z.union([z.literal(true), z.string()]).optional(),
);

interface Destination {
  old: SourcedValue;
  save: true | string | undefined;
  world: World;
}

export async function* newToken(
  { token, expiresIn }: NewToken,
  { old, save, world }: Destination,
): AsyncGenerator<NewTokenEvent | Notice, void, void> {
  const life = expiresIn === undefined ? {} : { expiresIn };
  if (save === undefined) return yield { type: "new-token", token, ...life };
  const { file, name } = placeOf(old, save);
  const { madePrivate } = saveEnv(resolve(world.cwd, file), { [name]: token });
  yield { type: "saved-token", token: masked(token), file, name, ...life };
  if (madePrivate) yield notice(madePrivateText(file));
}

/** The file and the name under which the old token was found. */
function placeOf(old: SourcedValue, save: true | string): { file: string; name: string } {
  const name = isFlag(old) ? settings.accessToken.names[0] : old.name;
  const file = save === true ? envFileOf(old) : save;
  if (file !== undefined) return { file, name };
  throw new UsageError("the token did not come from an env file, so there is none to save into", {
    code: "token.save",
    hint: "name the file: --save .env",
  });
}

export function printNewToken(event: NewTokenEvent, paint: Paint): Printed {
  const life = event.expiresIn === undefined ? "it does not say until when" : `it lives for ${span(event.expiresIn)}`;
  const notice = `${paint.good("✓")} a new token: ${life}; the old one lives on until its own end`;
  if (event.type === "new-token") return [{ notice }, event.token];
  return { notice: `${notice}\n  ${event.name} in ${event.file} is now ${event.token}` };
}
