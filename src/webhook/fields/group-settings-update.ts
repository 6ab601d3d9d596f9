/** `group_settings_update`: the picture, subject or description of a group changed, or could not be changed. */
import { defineGroupField } from "../shapes/group-field.ts";

const type = "group_settings_update";
const failed = [{ code: 131209, title: "Invalid group profile picture aspect ratio" }];

export const groupSettingsUpdate = defineGroupField("group_settings_update", {
  default: {
    type,
    request_id: "TestRequestSettings",
    group_subject: { text: "Garden club, autumn", update_successful: true },
    group_description: { text: "What to harvest, and when", update_successful: true },
  },
  picture: {
    type,
    request_id: "TestRequestPicture",
    profile_picture: { mime_type: "image/jpeg", sha256: "VGVzdCBwaWN0dXJlIGhhc2g=", update_successful: true },
  },
  "partly-failed": {
    type,
    request_id: "TestRequestSettingsPartly",
    profile_picture: { mime_type: "image/png", update_successful: false, errors: failed },
    group_subject: { text: "Garden club, winter", update_successful: true },
    errors: [{ code: 131201, title: "Request partially succeeded" }],
  },
});
