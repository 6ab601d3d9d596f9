/** Groups and the webhooks that report what becomes of requests about them. Source: Meta, "Groups API". */
import { findErrorCode } from "../../meta-errors/error-table.ts";
import { GraphErrorResponse } from "../http/graph-response.ts";
import { aboutNumber, type Context } from "./context.ts";
import { inviteLink, type Group, type Participant } from "./group.ts";
import { findPerson } from "./people.ts";

/** Meta allows 10 000 groups for a number; fewer bound the memory here. */
const MAX_GROUPS = 1000;
export const MAX_PARTICIPANTS = 8;
const MAX_REQUESTS = 1000;

/** Changed settings; the picture is reported by its type and hash. */
export interface GroupSettings {
  subject?: string | undefined;
  description?: string | undefined;
  join_approval_mode?: Group["join_approval_mode"] | undefined;
  picture?: { mime_type: string; sha256: string } | undefined;
}

export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  has(id: string): boolean {
    return this.#groups.has(id);
  }

  get(id: string): Group {
    const group = this.#groups.get(id);
    if (group === undefined) throw new Error(`no group ${id}`);
    return group;
  }

  list(phoneNumberId: string): Group[] {
    return [...this.#groups.values()].filter((group) => group.phoneNumberId === phoneNumberId);
  }

  /** The group with this id or invite link. */
  find(text: string): Group | undefined {
    return this.#groups.get(text) ?? [...this.#groups.values()].find((group) => inviteLink(group) === text);
  }

  /** The only group of the account, or none when there are several. */
  single(): Group | undefined {
    return this.#groups.size === 1 ? this.#groups.values().next().value : undefined;
  }

  /** Creates a group. Returns the id of the request, which the webhook with the group's id repeats. */
  create(settings: Pick<Group, "phoneNumberId" | "subject" | "description" | "join_approval_mode">): string {
    const { account, clock, ids } = this.#context;
    if (this.#groups.size >= MAX_GROUPS) throw new GraphErrorResponse(131_211);
    const name = `capi_group:${account.displayNumber}:${ids.digits("group")}`;
    const group: Group = {
      ...settings,
      id: Buffer.from(name).toString("base64url"),
      link: this.#newLink(),
      createdAt: clock.seconds(),
      participants: new Map(),
      removed: new Set(),
      requests: new Map(),
    };
    this.#groups.set(group.id, group);
    const { subject, description, join_approval_mode } = group;
    const created = { subject, description, invite_link: inviteLink(group), join_approval_mode };
    return this.#request("group_lifecycle_update", group, { type: "group_create", ...created });
  }

  remove(group: Group): string {
    this.#groups.delete(group.id);
    return this.#request("group_lifecycle_update", group, { type: "group_delete" });
  }

  update(group: Group, { subject, description, join_approval_mode, picture }: GroupSettings): string {
    if (subject !== undefined) group.subject = subject;
    if (description !== undefined) group.description = description;
    if (join_approval_mode !== undefined) group.join_approval_mode = join_approval_mode;
    return this.#request("group_settings_update", group, {
      type: "group_settings_update",
      ...(picture === undefined ? {} : { profile_picture: { ...picture, update_successful: true } }),
      ...(subject === undefined ? {} : { group_subject: { text: subject, update_successful: true } }),
      ...(description === undefined ? {} : { group_description: { text: description, update_successful: true } }),
    });
  }

  /** Replaces the invite link; the old one no longer works. */
  resetLink(group: Group): string {
    group.link = this.#newLink();
    return inviteLink(group);
  }

  /** Removes participants by number, WhatsApp id or user id. Those who are not in the group are reported by the webhook. */
  removeParticipants(group: Group, inputs: readonly string[]): string {
    const found = inputs.map((input) => ({ input, person: this.#participant(group, input) }));
    const removed = found.flatMap(({ input, person }) => (person === undefined ? [] : [{ input, ...person }]));
    const failed = found.flatMap(({ input, person }) =>
      person === undefined ? [{ input, errors: [errorOf(131_212)] }] : [],
    );
    for (const { user_id } of removed) {
      group.participants.delete(user_id);
      group.removed.add(user_id);
    }
    return this.#request("group_participants_update", group, {
      type: "group_participants_remove",
      initiated_by: "business",
      removed_participants: removed,
      ...(failed.length === 0 ? {} : { failed_participants: failed, errors: [errorOf(131_201)] }),
    });
  }

  /**
   * A customer opens the invite link: joins, or requests to join when the business has to approve. Returns why that is impossible,
   * or undefined.
   */
  join(group: Group, person: Participant): string | undefined {
    if (group.participants.has(person.user_id)) return "the customer is in the group already";
    if (group.removed.has(person.user_id)) return "the business removed the customer, who cannot join again";
    if (group.join_approval_mode === "auto_approve")
      return this.#admit(group, person) ? undefined : "the group is full";
    if (group.requests.size >= MAX_REQUESTS) return "the group has too many open requests";
    const id = this.#context.ids.token().slice(0, 24);
    group.requests.set(id, { person, at: this.#context.clock.seconds() });
    this.#emit("group_participants_update", group, {
      type: "group_join_request_created",
      join_request_id: id,
      ...person,
    });
    return undefined;
  }

  /** A customer leaves the group or withdraws the request to join it. False when there is neither. */
  leave(group: Group, person: Participant): boolean {
    if (group.participants.delete(person.user_id)) {
      const content = { initiated_by: "participant", removed_participants: [person] };
      this.#emit("group_participants_update", group, { type: "group_participants_remove", ...content });
      return true;
    }
    const [id] = [...group.requests].find(([, request]) => request.person.user_id === person.user_id) ?? [];
    if (id === undefined) return false;
    group.requests.delete(id);
    this.#emit("group_participants_update", group, {
      type: "group_join_request_revoked",
      join_request_id: id,
      ...person,
    });
    return true;
  }

  /** Approves or rejects requests to join. The response lists those that could not be. */
  decide(group: Group, ids: readonly string[], decision: "approved" | "rejected"): object {
    const failed: object[] = [];
    const decided = ids.filter((id) => {
      const request = group.requests.get(id);
      const possible = request !== undefined && (decision === "rejected" || this.#admit(group, request.person));
      if (possible) group.requests.delete(id);
      else failed.push({ join_request_id: id, errors: [errorOf(request === undefined ? 131_212 : 131_204)] });
      return possible;
    });
    return {
      messaging_product: "whatsapp",
      [`${decision}_join_requests`]: decided,
      ...(failed.length === 0 ? {} : { failed_join_requests: failed, errors: [errorOf(131_201)] }),
    };
  }

  #admit(group: Group, person: Participant): boolean {
    if (group.participants.size >= MAX_PARTICIPANTS) return false;
    group.participants.set(person.user_id, person);
    const content = { reason: "invite_link", added_participants: [person] };
    this.#emit("group_participants_update", group, { type: "group_participants_add", ...content });
    return true;
  }

  #participant(group: Group, input: string): Participant | undefined {
    const userId = findPerson(input, this.#context.customers)?.userId ?? input;
    return group.participants.get(userId);
  }

  #newLink(): string {
    return this.#context.ids.token().slice(0, 22);
  }

  /** Emits the outcome of a request of the business. Returns the request's id. */
  #request(field: string, group: Group, item: object): string {
    const request_id = this.#context.ids.token().slice(0, 32);
    this.#emit(field, group, { ...item, request_id });
    return request_id;
  }

  #emit(field: string, { id }: Group, item: object): void {
    const { account, changes, clock } = this.#context;
    const timestamp = String(clock.seconds());
    changes.emit(field, aboutNumber(account, { groups: [{ timestamp, group_id: id, ...item }] }));
  }
}

function errorOf(code: number): object {
  const title = findErrorCode(code)?.title ?? "";
  return { code, title, message: `(#${code}) ${title}` };
}
