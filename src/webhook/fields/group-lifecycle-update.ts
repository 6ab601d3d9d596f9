/** `group_lifecycle_update`: a group was made or deleted, or could not be. */
import { defineGroups } from "../shapes/groups.ts";

const made = {
  type: "group_create",
  subject: "Garden club",
  description: "What to sow, and when",
  invite_link: "https://chat.whatsapp.com/TestInvite0123456789",
  join_approval_mode: "auto_approve",
};
const limited = [
  {
    code: 131211,
    title: "Group create limit reached",
    message: "Group create limit reached",
    error_data: { details: "This number has made as many groups as it may." },
  },
];
const gone = [{ code: 131041, title: "Group unknown", message: "Group unknown" }];

export const groupLifecycleUpdate = defineGroups("group_lifecycle_update", {
  default: { ...made, request_id: "TestRequestCreate" },
  approval: { ...made, join_approval_mode: "approval_required", request_id: "TestRequestCreateApproval" },
  "create-failed": { type: "group_create", request_id: "TestRequestCreateFailed", errors: limited },
  delete: { type: "group_delete", request_id: "TestRequestDelete" },
  "delete-failed": { type: "group_delete", request_id: "TestRequestDeleteFailed", errors: gone },
});
