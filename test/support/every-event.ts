/** Every event that a command yields in this process, in whatever test, is as the command's published schema says. */
import { afterEach, expect } from "vitest";

import { problemsSeen, watchCommands } from "./seen-events.ts";

watchCommands();

afterEach(() => {
  expect(problemsSeen()).toEqual([]);
});
