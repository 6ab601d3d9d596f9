/** The ports of `wa-hook dev`: fixed ones as long as they are free, so that the settings of an app stay valid. */
import { freePortFrom } from "../../http/free-port.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import { hasPort, type DevInputs } from "./inputs.ts";

/** Where most apps listen when nothing else is said, so an app that ignores `PORT` is found as well. */
const APP_PORT = 3000;
const EMULATOR_PORT = 4300;

export interface Endpoints {
  listener: number;
  emulator: number;
  /** Missing when there is no app. */
  app?: URL;
}

export async function endpointsOf({ command, forwardTo, port, path }: DevInputs): Promise<Endpoints> {
  const [wanted, appPort] = portsOf(port);
  // Whoever leaves the port of the listener open has no use for fixed ones elsewhere.
  const from = (first: number) => freePortFrom(wanted === 0 ? 0 : first);
  const listener = wanted === undefined || wanted === 0 ? await from(DEFAULT_PORT) : wanted;
  const emulator = await from(EMULATOR_PORT);
  if (forwardTo === undefined && command.length === 0) return { listener, emulator };
  const app = new URL(forwardTo ?? new URL(path, "http://localhost:0"));
  if (!hasPort(app)) app.port = String(await from(appPort));
  return { listener, emulator, app };
}

/** `PORT` is the app's own, here and in its env file; `WEBHOOK_PORT` and `--port` are the listener's. */
function portsOf(setting: DevInputs["port"]): [listener: number | undefined, app: number] {
  if (setting === undefined) return [undefined, APP_PORT];
  if (setting.name === "PORT") return [undefined, setting.value];
  const other = Number(setting.others.find(({ name }) => name === "PORT")?.value);
  return [setting.value, Number.isInteger(other) && other > 0 && other < 65_536 ? other : APP_PORT];
}
