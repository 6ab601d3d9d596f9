/** A message template, as the emulator keeps it. */

/** As `GET /{waba-id}/message_templates` shows it. */
export interface Template {
  id: string;
  name: string;
  language: string;
  category: string;
  status: string;
  parameter_format?: string;
  components: readonly TemplateComponent[];
}

export type TemplateComponent = Readonly<Record<string, unknown>> & { type: string };
