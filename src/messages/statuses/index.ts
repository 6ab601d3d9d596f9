/** Every status of an outbound message: a new one is a file here and a line below. */
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
