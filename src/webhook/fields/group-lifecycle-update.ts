/** `group_lifecycle_update`: a group was created or deleted, or the request failed. */
import { defineGroupField } from "../shapes/group-field.ts";

const created = {
  type: "group_create",
  subject: "Garden club",
  description: "What to sow, and when",
  invite_link: "https://chat.whatsapp.com/TestInvite0123456789",
  join_approval_mode: "auto_approve",
};
const limitReached = [
  {
    code: 131211,
    title: "Group create limit reached",
    message: "Group create limit reached",
    error_data: { details: "This number has reached its limit of groups." },
  },
];
const groupUnknown = [{ code: 131041, title: "Group unknown", message: "Group unknown" }];

export const groupLifecycleUpdate = defineGroupField("group_lifecycle_update", {
  default: { ...created, request_id: "TestRequestCreate" },
  approval: { ...created, join_approval_mode: "approval_required", request_id: "TestRequestCreateApproval" },
  "create-failed": { type: "group_create", request_id: "TestRequestCreateFailed", errors: limitReached },
  delete: { type: "group_delete", request_id: "TestRequestDelete" },
  "delete-failed": { type: "group_delete", request_id: "TestRequestDeleteFailed", errors: groupUnknown },
});
