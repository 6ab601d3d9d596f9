/** The tools, in the order in which clients list them. */
import type { AnyTool } from "../../../mcp/tool.ts";
import type { Kit } from "../kit.ts";
import { checkTool } from "./check.ts";
import { customerSaysTool } from "./customer-says.ts";
import { doctorTool } from "./doctor.ts";
import { eventTool } from "./event.ts";
import { eventsTool } from "./events.ts";
import { explainTool } from "./explain.ts";
import { replayTool } from "./replay.ts";
import { waitForEventTool } from "./wait-for-event.ts";

export function toolsFor(kit: Kit): AnyTool[] {
  return [
    checkTool(kit),
    replayTool(kit),
    doctorTool(kit),
    explainTool(kit),
    eventsTool(kit),
    eventTool(kit),
    waitForEventTool(kit),
    customerSaysTool(kit),
  ];
}
