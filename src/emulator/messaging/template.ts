/** The type of a message template. */

/** In the format of `GET /{waba-id}/message_templates`. */
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
