/** One group of a number: its settings, its participants and the requests to join it. */

type ApprovalMode = (typeof APPROVAL_MODES)[number];

export const APPROVAL_MODES = ["auto_approve", "approval_required"] as const;

/** A participant in Meta's format; without `wa_id`, the number is hidden. */
export interface Participant {
  wa_id?: string;
  user_id: string;
}

export interface Group {
  readonly id: string;
  /** The number that created it. */
  readonly phoneNumberId: string;
  subject: string;
  description?: string;
  join_approval_mode: ApprovalMode;
  /** The last part of the invite link. */
  link: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
  /** By user id, without the business. */
  readonly participants: Map<string, Participant>;
  /** Who was removed by the business and cannot join again. */
  readonly removed: Set<string>;
  /** Open requests by their id. */
  readonly requests: Map<string, { person: Participant; at: number }>;
}

export function inviteLink({ link }: Group): string {
  return `https://chat.whatsapp.com/${link}`;
}

/** All fields of the group in Meta's format. */
export function describeGroup(group: Group): Record<string, unknown> {
  const { id, subject, description, join_approval_mode, createdAt, participants } = group;
  return {
    messaging_product: "whatsapp",
    id,
    subject,
    description,
    creation_timestamp: createdAt,
    suspended: false,
    total_participant_count: participants.size,
    participants: [...participants.values()],
    join_approval_mode,
  };
}
