/** `group_participants_update`: people joined or left a group, were removed, or requested to join. */
import { CUSTOMER, USER_ID, USERNAME } from "../shapes/examples.ts";
import { defineGroupField } from "../shapes/group-field.ts";

const person = { wa_id: CUSTOMER, user_id: USER_ID };
const unnumbered = { user_id: USER_ID, username: USERNAME };
const failed = [{ code: 131212, title: "Participant is not a part of the group" }];

export const groupParticipantsUpdate = defineGroupField(
  "group_participants_update",
  {
    default: { type: "group_participants_add", reason: "invite_link", added_participants: [person] },
    "without-number": { type: "group_participants_add", reason: "invite_link", added_participants: [unnumbered] },
    // Until 2026: no user ids.
    older: {
      type: "group_participants_add",
      reason: "invite_link",
      request_id: "TestRequestOlder",
      added_participants: [{ wa_id: CUSTOMER }],
    },
    removed: {
      type: "group_participants_remove",
      request_id: "TestRequestRemove",
      initiated_by: "business",
      removed_participants: [{ input: `+${CUSTOMER}`, ...person }],
    },
    "partly-removed": {
      type: "group_participants_remove",
      request_id: "TestRequestRemovePartly",
      initiated_by: "business",
      removed_participants: [{ input: `+${CUSTOMER}`, ...person }],
      failed_participants: [{ input: "+16505550100", errors: failed }],
      errors: [{ code: 131201, title: "Request partially succeeded" }],
    },
    left: { type: "group_participants_remove", initiated_by: "participant", removed_participants: [person] },
    "join-request": { type: "group_join_request_created", join_request_id: "TestJoinRequest", ...person },
    "join-request-revoked": { type: "group_join_request_revoked", join_request_id: "TestJoinRequest", ...person },
    // The types in Meta's reference of incoming payloads differ from those on its page about groups.
    "alternate-types": {
      type: "group_add_participants",
      added_participants: [{ input: 16505550101, wa_id: 16505550101 }],
    },
  },
  ["group_participant_update"],
);
