/** The types of a message template, and the changes that can be made to one by hand. */
import { UsageError } from "../../errors.ts";

/** In the format of `GET /{waba-id}/message_templates`. */
export interface Template {
  id: string;
  name: string;
  language: string;
  category: string;
  previous_category?: string;
  correct_category?: string;
  sub_category?: string;
  status: string;
  quality_score: { score: string; date?: number };
  rejected_reason: string;
  parameter_format: string;
  components: readonly TemplateComponent[];
  cta_url_link_tracking_opted_out?: unknown;
  degrees_of_freedom_spec?: unknown;
  message_send_ttl_seconds?: number;
  library_template_name?: string;
}

/** With the type in upper case. */
export type TemplateComponent = Readonly<Record<string, unknown>> & { type: string };

const STATUSES = [
  "APPROVED",
  "REJECTED",
  "PAUSED",
  "DISABLED",
  "PENDING",
  "IN_APPEAL",
  "ARCHIVED",
  "LIMIT_EXCEEDED",
] as const;

export const CATEGORIES = ["AUTHENTICATION", "MARKETING", "UTILITY"] as const;
const SCORES = ["GREEN", "YELLOW", "RED", "UNKNOWN"] as const;

/** Why Meta rejects a template. Source: Meta, "message_template_status_update webhook". */
const REASONS = [
  "ABUSIVE_CONTENT",
  "CATEGORY_NOT_AVAILABLE",
  "INCORRECT_CATEGORY",
  "INVALID_FORMAT",
  "NONE",
  "PROMOTIONAL",
  "SCAM",
  "TAG_CONTENT_MISMATCH",
] as const;

/** What Meta decides about a template, as a test or a person at the terminal chooses it. At least one part besides `language`. */
export interface TemplateChange {
  /** Default: every language of the template. */
  language?: string;
  status?: (typeof STATUSES)[number];
  /** Of a rejection. Default: `INVALID_FORMAT`. */
  reason?: (typeof REASONS)[number];
  quality?: (typeof SCORES)[number];
  category?: (typeof CATEGORIES)[number];
}

/** Throws a `UsageError` for a change that is empty or has an unknown value. */
export function checkChange({ status, reason, quality, category }: TemplateChange): void {
  const parts = [
    ["status", status, STATUSES],
    ["reason", reason, REASONS],
    ["quality", quality, SCORES],
    ["category", category, CATEGORIES],
  ] as const;
  if (status === undefined && quality === undefined && category === undefined) {
    throw new UsageError("the change of the template is missing", {
      code: "emulate.template-change",
      hint: 'for example { "status": "PAUSED" } or { "quality": "RED" }',
    });
  }
  for (const [key, value, allowed] of parts) {
    if (value === undefined || allowed.some((each) => each === value)) continue;
    throw new UsageError(`a template's ${key} must be one of ${allowed.join(", ")}; got ${value}`, {
      code: "emulate.template-change",
    });
  }
}
