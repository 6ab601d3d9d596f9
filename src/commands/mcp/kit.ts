/** What the tools work with: the settings, what was recorded, and the emulated customer. */
import type { Sourced, SettingName } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import type { Customer } from "./customer.ts";
import type { Recordings } from "./recordings.ts";

export interface Kit {
  world: World;
  /** That of `--env-file`. Settings are read at each call, so that what was mended takes effect. */
  envFile: string | undefined;
  /** Settings that hold whatever is set elsewhere, such as those of the emulator of `wa-hook dev`. */
  given: Readonly<Partial<Record<SettingName, Sourced>>>;
  /** The app that `check` and `replay` use when none is named. */
  app: URL | undefined;
  /** Whether `check` and `replay` may send to other hosts than this machine. */
  allowRemote: boolean;
  /** Dispose of them after use. Rejects with a `UsageError` when nothing has been recorded yet. */
  openRecordings(signal: AbortSignal): Promise<Recordings>;
  /** The customer of the emulator. Rejects with an `UnavailableError` when none runs. */
  customer(signal: AbortSignal): Promise<Customer>;
}
