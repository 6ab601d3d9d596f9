/** The inputs of `wa-hook check`. */
import * as z from "zod";

import { count, duration, input, setting, yes } from "../../terminal/command.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import { emulateInputs } from "../inputs/emulate.ts";
import { startInputs } from "../inputs/start.ts";
import { reportInputs } from "../views/report.ts";

const codes = z.array(z.string().transform((typed) => typed.split(",").map((code) => code.trim())));

export const inputs = z.object({
  url: input(
    "[url]",
    "The endpoint: a port, a path or a URL (default: http://127.0.0.1:8000/webhook)",
    z.string().optional(),
  ),
  ...startInputs,
  ...emulateInputs,
  only: input(
    "--only <codes>",
    "Only these checks, such as signature.*,vocabulary.statuses (repeatable)",
    codes.optional(),
  ),
  skip: input("--skip <codes>", "All checks except these (repeatable)", codes.default([])),
  timeout: input("--timeout <time>", "Timeout per response (default: 10s)", duration.default(10_000)),
  ca: input("--ca <file>", "Also trust the certificates in this PEM file", z.string().optional()),
  yes: input("--yes", "Send test deliveries to a host other than this machine", yes),
  ...reportInputs,
  port: setting("port", "", "", count(0, 65_535, DEFAULT_PORT)),
  appSecret: setting("appSecret", "--app-secret-file <file>", "Read the app secret from a file"),
  verifyToken: setting("verifyToken", "--verify-token-file <file>", "Read the verify token from a file"),
  phoneNumberId: setting("phoneNumberId", "", ""),
  businessAccountId: setting("businessAccountId", "", ""),
});

export type Inputs = z.output<typeof inputs>;
