/** The real account of `wa-hook dev --live`. */
import { UsageError } from "../../errors.ts";
import { DEFAULT_GRAPH_VERSION } from "../../graph/version.ts";
import { envName } from "../../setting-names.ts";
import type { SourcedValue } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { graphUrlOf, needToken } from "../inputs/graph.ts";
import { verifyTokenOf } from "../inputs/secrets.ts";
import type { DevInputs } from "./inputs.ts";

/** The settings that the app gets. Throws a `UsageError` without an app secret and an access token. */
export function liveSettings(inputs: DevInputs, { cwd }: World): Record<string, string> {
  const { appSecret, verifyToken, phoneNumberId, businessAccountId, appId, graphVersion } = inputs;
  if (appSecret === undefined) {
    throw new UsageError(`${envName("appSecret")} is not set`, {
      code: "dev.secret",
      hint: "run wa-hook init, or omit --live to use the emulator",
    });
  }
  const settings: Record<string, SourcedValue | undefined> = {
    [envName("appSecret")]: appSecret,
    [envName("accessToken")]: needToken(inputs),
    [envName("phoneNumberId")]: phoneNumberId,
    [envName("businessAccountId")]: businessAccountId,
    [envName("appId")]: appId,
  };
  const given = Object.entries(settings).flatMap(([name, each]) => (each === undefined ? [] : [[name, each.value]]));
  return {
    ...Object.fromEntries(given),
    [envName("verifyToken")]: verifyTokenOf(verifyToken, cwd).value,
    [envName("graphUrl")]: graphUrlOf(inputs),
    [envName("graphVersion")]: graphVersion?.value ?? DEFAULT_GRAPH_VERSION,
  };
}
