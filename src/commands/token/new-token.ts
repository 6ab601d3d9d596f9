/** Prints a new token on stdout, or saves it in an env file. */
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
import { resultLine } from "../views/findings.ts";

/** The complete token is in an event only when it is printed on stdout. */
export type NewTokenEvent =
  /** The new token in full; `expiresIn` is its lifetime in seconds, if Meta reports one. */
  | { type: "new-token"; token: string; expiresIn?: number }
  /** The new token was saved under `name` in the env file; here it is masked. `expiresIn` is its lifetime in seconds. */
  | { type: "saved-token"; token: string; file: string; name: string; expiresIn?: number };

export const saveInput = input(
  "--save [file]",
  "Save the token in this env file (default: the one that the old token came from)",
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
  const lifetime = expiresIn === undefined ? {} : { expiresIn };
  if (save === undefined) return yield { type: "new-token", token, ...lifetime };
  const { file, name } = destinationOf(old, save);
  const { madePrivate } = saveEnv(resolve(world.cwd, file), { [name]: token });
  yield { type: "saved-token", token: masked(token), file, name, ...lifetime };
  if (madePrivate) yield notice(madePrivateText(file));
}

/** The file, and the name that the old token has in it. */
function destinationOf(old: SourcedValue, save: true | string): { file: string; name: string } {
  const name = isFlag(old) ? settings.accessToken.names[0] : old.name;
  const file = save === true ? envFileOf(old) : save;
  if (file !== undefined) return { file, name };
  throw new UsageError("--save needs a file, because the token did not come from an env file", {
    code: "token.save",
    hint: "use --save .env",
  });
}

export function printNewToken(event: NewTokenEvent, paint: Paint): Printed {
  const expiry = event.expiresIn === undefined ? "unknown expiry" : `expires in ${span(event.expiresIn)}`;
  const result = { label: "New token", result: `${expiry}; the old token stays valid until it expires` };
  const notice = resultLine("pass", result, paint);
  if (event.type === "new-token") return [{ notice }, event.token];
  const saved = { label: "Saved", result: `${event.name}=${event.token} in ${event.file}` };
  return { notice: `${notice}\n${resultLine("pass", saved, paint)}` };
}
