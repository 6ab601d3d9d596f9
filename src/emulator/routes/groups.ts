/** Groups of a number: settings, invite links, participants, join requests. Source: Meta, "Groups API". */
import { createHash } from "node:crypto";

import { MESSAGING } from "../account/tokens.ts";
import { APPROVAL_MODES, describeGroup, inviteLink } from "../business/group.ts";
import { MAX_PARTICIPANTS, type GroupSettings } from "../business/groups.ts";
import { parametersOf, textAt, type Call } from "../http/call.ts";
import { listOf, oneOf, requireObjects, requireProduct, requireText, textWithin } from "../http/checks.ts";
import { fieldsOf } from "../http/fields.ts";
import { GraphErrorResponse, invalid, missing, ok, type GraphResponse } from "../http/graph-response.ts";
import { pageOf } from "../http/page.ts";
import type { State } from "../state.ts";
import { PAGE_QUERY, type Route } from "./route.ts";

const ofNumber = { path: "/:id/groups", node: "phone", scope: MESSAGING } as const;
const ofGroup = { node: "group", scope: MESSAGING } as const;
const link = { path: "/:id/invite_link", ...ofGroup } as const;
const requests = { path: "/:id/join_requests", ...ofGroup } as const;
const MB = 1024 * 1024;
const MAX = { subject: 128, description: 2048, picture: 5 * MB, ids: 1000 };

export const groupRoutes: readonly Route[] = [
  { method: "GET", ...ofNumber, query: PAGE_QUERY, run: list },
  { method: "POST", ...ofNumber, run: create },
  { method: "GET", path: "/:id", ...ofGroup, query: ["fields"], run: show },
  {
    method: "POST",
    path: "/:id",
    ...ofGroup,
    maxBytes: MAX.picture + MB,
    partly: "the size of the picture in pixels is not checked",
    run: update,
  },
  {
    method: "DELETE",
    path: "/:id",
    ...ofGroup,
    run: (call, { business: { groups } }) => requested(groups.remove(groups.get(call.id))),
  },
  {
    method: "GET",
    ...link,
    run: (call, { business }) => linked(inviteLink(business.groups.get(call.id))),
  },
  {
    method: "POST",
    ...link,
    run: (call, { business: { groups } }) => linked(groups.resetLink(groups.get(call.id))),
  },
  { method: "DELETE", path: "/:id/participants", ...ofGroup, run: removeParticipants },
  { method: "GET", ...requests, query: PAGE_QUERY, run: listRequests },
  { method: "POST", ...requests, run: (call, state) => decide(call, state, "approved") },
  { method: "DELETE", ...requests, run: (call, state) => decide(call, state, "rejected") },
];

function requested(request_id: string): GraphResponse {
  return ok({ messaging_product: "whatsapp", request_id });
}

function linked(invite_link: string): GraphResponse {
  return ok({ messaging_product: "whatsapp", invite_link });
}

function list(call: Call, { business }: State): GraphResponse {
  const { data, ...paging } = pageOf(business.groups.list(call.id), call.query, call);
  const groups = data.map(({ id, subject, createdAt }) => ({ id, subject, created_at: String(createdAt) }));
  return ok({ data: { groups }, ...paging });
}

function create(call: Call, { business }: State): GraphResponse {
  const fields = parametersOf(call);
  requireProduct(fields);
  const subject = requireText(fields, "subject", MAX.subject).trim();
  if (subject === "") throw missing("subject");
  const description = textWithin(fields, "description", { max: MAX.description });
  const join_approval_mode = oneOf(fields, "join_approval_mode", APPROVAL_MODES) ?? "auto_approve";
  const settings = { phoneNumberId: call.id, subject, join_approval_mode };
  return requested(business.groups.create({ ...settings, ...(description === undefined ? {} : { description }) }));
}

function show(call: Call, { business }: State): GraphResponse {
  const all = describeGroup(business.groups.get(call.id));
  return ok({ messaging_product: "whatsapp", ...fieldsOf(call, "group", all, []) });
}

function update(call: Call, { business: { groups } }: State): GraphResponse {
  const fields = parametersOf(call);
  requireProduct(fields);
  const settings: GroupSettings = {
    subject: textWithin(fields, "subject", { min: 1, max: MAX.subject })?.trim(),
    description: textWithin(fields, "description", { max: MAX.description }),
    join_approval_mode: oneOf(fields, "join_approval_mode", APPROVAL_MODES),
    picture: pictureIn(call),
  };
  if (Object.values(settings).every((value) => value === undefined)) {
    throw invalid("Invalid parameter", "send subject, description, join_approval_mode or a picture as the part file");
  }
  return requested(groups.update(groups.get(call.id), settings));
}

function pictureIn({ body: { files } }: Call): { mime_type: string; sha256: string } | undefined {
  const [file] = files;
  if (file === undefined) return undefined;
  if (file.type !== "image/jpeg" || file.bytes.length > MAX.picture) {
    throw new GraphErrorResponse(131_053, {
      details: `file: expected an image/jpeg of at most 5 MB, not ${file.type}`,
    });
  }
  return { mime_type: file.type, sha256: createHash("sha256").update(file.bytes).digest("base64") };
}

function removeParticipants(call: Call, { business: { groups } }: State): GraphResponse {
  const fields = parametersOf(call);
  requireProduct(fields);
  const inputs = requireObjects(fields, "participants", MAX_PARTICIPANTS).map((participant, at) => {
    const user = textAt(participant, "user") ?? textAt(participant, "user_id");
    if (user === undefined) throw missing(`participants[${at}]['user']`);
    return user;
  });
  if (new Set(inputs).size < inputs.length) throw new GraphErrorResponse(131_202);
  return requested(groups.removeParticipants(groups.get(call.id), inputs));
}

function listRequests(call: Call, { business }: State): GraphResponse {
  const all = [...business.groups.get(call.id).requests].map(([join_request_id, { person, at }]) => ({
    join_request_id,
    ...person,
    creation_timestamp: String(at),
  }));
  const { data, ...paging } = pageOf(all, call.query, call);
  return ok({ data, ...paging });
}

function decide(call: Call, { business: { groups } }: State, decision: "approved" | "rejected"): GraphResponse {
  const fields = parametersOf(call);
  requireProduct(fields);
  const ids = listOf(fields, "join_requests", MAX.ids)?.map(String) ?? [];
  if (ids.length === 0) throw missing("join_requests");
  return ok(groups.decide(groups.get(call.id), ids, decision));
}
