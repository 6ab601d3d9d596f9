/** Every status of an outbound message: a new one is a file here and a line below. */
import type { Kind } from "../kind.ts";
import { delivered } from "./delivered.ts";
import { failed } from "./failed.ts";
import { read } from "./read.ts";
import { sent } from "./sent.ts";

export const statusKinds: readonly Kind[] = [sent, delivered, read, failed];
