/** The account's templates: created, reviewed, edited, deleted, and found for sending. Source: Meta, "Template management". */
import { UsageError } from "../../errors.ts";
import { Bounded } from "../bounded.ts";
import type { Clock } from "../clock.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import type { Ids } from "../ids.ts";
import type { TemplateReviews } from "../options.ts";
import type { Changes } from "../webhooks/changes.ts";
import { categoryUpdate, componentsUpdate, qualityUpdate, statusUpdate, type Announcement } from "./announcements.ts";
import { readEdit, readNew } from "./definition.ts";
import { checkCount, DAY_MS, ManagementLimits, REUSE_DAYS } from "./limits.ts";
import { beingDeleted, existsAlready, notEditable, notFound } from "./refusals.ts";
import { Reviews } from "./reviews.ts";
import { STARTING_TEMPLATES } from "./starting-templates.ts";
import { checkChange, type Template, type TemplateChange } from "./template.ts";

/** How many names an error message lists. */
const MAX_NAMED = 20;
/** How many deleted names are remembered. */
const MAX_DELETED = 1000;
const EDITABLE = new Set(["APPROVED", "REJECTED", "PAUSED"]);

interface Context {
  changes: Changes;
  clock: Clock;
  ids: Ids;
  reviews: TemplateReviews;
  /** Whether creations and edits are limited. */
  limited: boolean;
}

export class Templates {
  readonly #context: Context;
  readonly #limits: ManagementLimits;
  readonly #reviews: Reviews;
  readonly #templates = new Map<string, Template>();
  /** When the name of a deleted template can be used again, in milliseconds since 1970. */
  readonly #deleted = new Bounded<number>(MAX_DELETED);
  /** The ids of templates whose review is one of an edit. */
  readonly #edited = new Set<string>();

  constructor(context: Context) {
    const { clock, ids, limited, reviews } = context;
    this.#context = context;
    this.#limits = new ManagementLimits(clock, limited);
    this.#reviews = new Reviews(reviews, clock, (id, approved) => this.#decide(id, approved));
    for (const template of STARTING_TEMPLATES) {
      this.#put({ parameter_format: "POSITIONAL", ...template, ...FRESH, id: newId(ids), status: "APPROVED" });
    }
  }

  /** In the order of their creation. */
  list(): Template[] {
    this.settle();
    return [...this.#templates.values()];
  }

  /** The template with this id. */
  get(id: string): Template | undefined {
    return this.list().find((template) => template.id === id);
  }

  /** Ends the reviews that are due. */
  settle(): void {
    this.#reviews.settle();
  }

  /** The template to send. Throws a `GraphErrorResponse` when there is none with this name in this language, or when it cannot be sent. */
  find(name: string, language: string): Template {
    this.settle();
    const template = this.#templates.get(keyOf(name, language));
    if (template?.status === "APPROVED") return template;
    if (template?.status === "PAUSED") {
      throw new GraphErrorResponse(132015, { details: `template name (${name}) is paused in ${language}` });
    }
    if (template?.status === "DISABLED") {
      throw new GraphErrorResponse(132016, { details: `template name (${name}) is disabled in ${language}` });
    }
    throw new GraphErrorResponse(132001, {
      details: `template name (${name}) does not exist in ${language}; ${this.#available(name, template)}`,
    });
  }

  #available(name: string, template: Template | undefined): string {
    if (template !== undefined) return `its status is ${template.status}`;
    const languages = this.list().filter((other) => other.name === name);
    if (languages.length > 0) return `available in ${languages.map((other) => other.language).join(", ")}`;
    const names = [...new Set(this.list().map((other) => other.name))].slice(0, MAX_NAMED);
    return `available templates: ${names.join(", ")}`;
  }

  /** Creates a template and submits it for review. Throws a `GraphErrorResponse` when Meta would refuse it. */
  add(fields: Readonly<Record<string, unknown>>): Template {
    this.settle();
    const { clock, ids } = this.#context;
    const definition = readNew(fields);
    const { name, language } = definition;
    const key = keyOf(name, language);
    if (this.#templates.has(key)) throw existsAlready(language);
    const days = Math.ceil(((this.#deleted.get(key) ?? 0) - clock.now()) / DAY_MS);
    if (days > 0) throw beingDeleted(language, days);
    checkCount(
      [...this.#templates.values()].map((template) => template.name),
      name,
    );
    this.#limits.create();
    const template = this.#put({ ...definition, ...FRESH, id: newId(ids), status: "PENDING" });
    this.#submit(template);
    return template;
  }

  /** Replaces fields of a template and submits it for review again. Throws a `GraphErrorResponse` when Meta would refuse it. */
  edit(template: Template, fields: Readonly<Record<string, unknown>>): void {
    const { id, status, category } = template;
    if (!EDITABLE.has(status)) {
      throw notEditable(`A template can be edited while it is approved, rejected or paused; this one is ${status}.`);
    }
    const changed = readEdit(fields, template);
    const approved = status === "APPROVED";
    if (approved && changed.category !== category) {
      throw notEditable("The category of an approved template can't be edited.");
    }
    if (approved) this.#limits.edit(id);
    this.#edited.add(id);
    const edited = this.#put({ ...template, ...changed, status: "PENDING", rejected_reason: "NONE" });
    this.#submit(edited);
  }

  /** Deletes all of them or, when one cannot be deleted, none. Throws a `GraphErrorResponse` in that case. */
  remove(templates: readonly Template[]): void {
    if (templates.length === 0) throw notFound();
    const disabled = templates.find(({ status }) => status === "DISABLED");
    if (disabled !== undefined)
      throw notEditable(`${disabled.name} is disabled, and a disabled template can't be deleted.`);
    for (const template of templates) this.#remove(template);
  }

  #remove(template: Template): void {
    const { id, name, language, status } = template;
    const { clock } = this.#context;
    const key = keyOf(name, language);
    this.#templates.delete(key);
    this.#reviews.cancel(id);
    this.#limits.forget(id);
    this.#edited.delete(id);
    if (status === "APPROVED" || status === "PAUSED") this.#deleted.set(key, clock.now() + REUSE_DAYS * DAY_MS);
    this.#announce(statusUpdate(template, { event: "DELETED", seconds: clock.seconds() }));
  }

  /** Applies a decision of Meta's, and announces it. Throws a `UsageError` when there is no such template. */
  change(name: string, change: TemplateChange): void {
    checkChange(change);
    const { language } = change;
    const found = this.list().filter(
      (template) => template.name === name && (language === undefined || sameText(template.language, language)),
    );
    if (found.length === 0) {
      const where = language === undefined ? "" : ` in ${language}`;
      const names = [...new Set(this.list().map((template) => template.name))].slice(0, MAX_NAMED);
      throw new UsageError(`there is no template ${name}${where}`, {
        code: "emulate.template",
        hint: `templates: ${names.join(", ")}`,
      });
    }
    for (const template of found) this.#change(template, change);
  }

  #change(template: Template, { status, reason = "INVALID_FORMAT", quality, category }: TemplateChange): void {
    let changed = template;
    if (category !== undefined && category !== template.category) {
      changed = this.#put({ ...changed, category, previous_category: template.category });
      this.#announce(categoryUpdate(changed, template.category));
    }
    const { score } = template.quality_score;
    if (quality !== undefined && quality !== score) {
      changed = this.#put({ ...changed, quality_score: { score: quality, date: this.#context.clock.seconds() } });
      this.#announce(qualityUpdate(changed, score));
    }
    if (status === undefined || status === template.status) return;
    this.#setStatus(changed, status, status === "REJECTED" ? reason : "NONE");
  }

  #setStatus(template: Template, status: string, reason: string): void {
    this.#reviews.cancel(template.id);
    const changed = this.#put({ ...template, status, rejected_reason: reason });
    const seconds = this.#context.clock.seconds();
    this.#announce(statusUpdate(changed, { event: status, previous: template.status, seconds }));
    if (status === "APPROVED" && this.#edited.delete(template.id)) this.#announce(componentsUpdate(changed));
  }

  #submit({ id }: Template): void {
    this.#reviews.submit(id);
    // A review that takes no time ends now, so that the next request finds the decision.
    this.settle();
  }

  /** Ends a review. */
  #decide(id: string, approved: boolean): void {
    const template = [...this.#templates.values()].find((each) => each.id === id);
    if (template?.status !== "PENDING") return;
    this.#setStatus(template, approved ? "APPROVED" : "REJECTED", approved ? "NONE" : "INVALID_FORMAT");
  }

  #announce({ field, value }: Announcement): void {
    this.#context.changes.emit(field, value);
  }

  #put(template: Template): Template {
    this.#templates.set(keyOf(template.name, template.language), template);
    return template;
  }
}

const FRESH = { quality_score: { score: "UNKNOWN" }, rejected_reason: "NONE" };

/** Of 15 digits, because webhooks have it as a number and 16 digits can exceed 2^53. */
function newId(ids: Ids): string {
  return ids.digits("template").slice(0, 15);
}

function keyOf(name: string, language: string): string {
  return `${name} ${language.toLowerCase()}`;
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
