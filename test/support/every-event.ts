/** Every event that a command yields in this process, in whatever test, is as the command's published schema says. */
import { afterEach } from "vitest";

import { problemsSeen, watchCommands } from "./seen-events.ts";

watchCommands();

afterEach(() => {
  const problems = problemsSeen();
  if (problems.length > 0) throw new Error(`not as the schemas in schemas/ say\n${problems.join("\n")}`);
});
