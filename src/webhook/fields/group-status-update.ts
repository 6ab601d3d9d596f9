/** `group_status_update`: WhatsApp suspended a group or lifted the suspension. */
import { defineGroupField } from "../shapes/group-field.ts";

export const groupStatusUpdate = defineGroupField("group_status_update", {
  default: { type: "group_suspend" },
  cleared: { type: "group_suspend_cleared" },
});
