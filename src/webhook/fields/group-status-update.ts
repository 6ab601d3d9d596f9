/** `group_status_update`: WhatsApp suspended a group, or lets it go on. */
import { defineGroups } from "../shapes/groups.ts";

export const groupStatusUpdate = defineGroups("group_status_update", {
  default: { type: "group_suspend" },
  cleared: { type: "group_suspend_cleared" },
});
