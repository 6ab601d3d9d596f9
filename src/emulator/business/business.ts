/** The state of everything that belongs to the business besides messages, media, templates and webhooks. */
import { Calls } from "./calls.ts";
import type { Context } from "./context.ts";
import { PublicFiles } from "./files.ts";
import { Flows } from "./flows.ts";
import { Groups } from "./groups.ts";
import { Numbers } from "./numbers.ts";
import { SignupCodes } from "./signup-codes.ts";
import { Signups } from "./signups.ts";
import { Threads } from "./threads.ts";
import { Uploads } from "./uploads.ts";

export interface Business {
  calls: Calls;
  files: PublicFiles;
  flows: Flows;
  groups: Groups;
  numbers: Numbers;
  signupCodes: SignupCodes;
  signups: Signups;
  threads: Threads;
  uploads: Uploads;
}

export function newBusiness(context: Context): Business {
  return {
    calls: new Calls(context),
    files: new PublicFiles(),
    flows: new Flows(context),
    groups: new Groups(context),
    numbers: new Numbers(context),
    signupCodes: new SignupCodes(context),
    signups: new Signups(context.ids),
    threads: new Threads(context),
    uploads: new Uploads(context),
  };
}
