/** The registry of statuses of outbound messages. To add one, create its file and add it here. */
import type { Kind } from "../kind.ts";
import { deleted } from "./deleted.ts";
import { delivered } from "./delivered.ts";
import { failed } from "./failed.ts";
import { payment } from "./payment.ts";
import { played } from "./played.ts";
import { read } from "./read.ts";
import { sent } from "./sent.ts";
import { warning } from "./warning.ts";

export const statusKinds: readonly Kind[] = [sent, delivered, read, played, failed, deleted, warning, payment];
