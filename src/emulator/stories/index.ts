/** The registry of stories. To add one, create its file and add it here. */
import { calling } from "./calling.ts";
import { coexistence } from "./coexistence.ts";
import type { Story } from "./story.ts";

export const stories: readonly Story[] = [coexistence, calling];
