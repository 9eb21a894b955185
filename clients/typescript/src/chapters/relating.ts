/** Stage D, keep the relationships: say thank you, connect, and stay in touch. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagOf, expect, refused } from "../story.js";

type Contact = Schemas["Contact"];
type Interaction = Schemas["Interaction"];

/** Remember whom one spoke with; the company is the one that came with the rejection. */
export async function remember(
  rebound: Rebound,
  rejection: Schemas["Rejection"],
): Promise<Contact> {
  const said: Schemas["ContactCreate"] = {
    id: randomUUID(),
    name: "Mara Winter",
    company_name: "example gmbh",
    relationship: "interviewer",
  };
  const contact = expect(await rebound.POST("/v1/contacts", { body: said }), 201);
  check(contact.id === said.id, "the id is the server's");
  check(contact.company_id === rejection.company_id, "there are two companies of one name");
  return contact;
}

/** Write the thank-you note in the evening, send it in the morning, and say so. */
export async function thank(
  rebound: Rebound,
  contact: Contact,
  rejection: Schemas["Rejection"],
): Promise<Interaction> {
  const said: Schemas["InteractionCreate"] = {
    id: randomUUID(),
    contact_id: contact.id,
    rejection_id: rejection.id,
    kind: "thank_you_note",
    status: "draft",
    body: "Dear Mara, thank you for the open talk.",
  };
  let note = expect(await rebound.POST("/v1/interactions", { body: said }), 201);
  const path = { interaction_id: note.id };
  // What is only a draft has not been sent. The problem lists what can follow.
  const hasty = await rebound.PATCH("/v1/interactions/{interaction_id}", {
    params: { path, header: { "If-Match": etagOf(note) } },
    body: { status: "done" },
  });
  const { allowed } = refused(hasty, 409, "invalid-transition");
  check(isDeepStrictEqual(allowed, ["planned", "cancelled"]), `${allowed}`);

  for (const status of ["planned", "done"] as const) {
    const changed = await rebound.PATCH("/v1/interactions/{interaction_id}", {
      params: { path, header: { "If-Match": etagOf(note) } },
      body: { status },
    });
    note = expect(changed, 200);
  }
  check(note.occurred_at !== null, "nobody knows when it was sent");
  return note;
}

/** Note that the invitation was taken, and ask to be reminded every six weeks. */
export async function connect(
  rebound: Rebound,
  contact: Contact,
  note: Interaction,
): Promise<Contact> {
  // The note has stamped the contact, which is a new revision: read it again.
  const path = { contact_id: contact.id };
  const found = expect(await rebound.GET("/v1/contacts/{contact_id}", { params: { path } }), 200);
  check(found.last_interaction_at === note.occurred_at, "the note left no trace");
  const changed = await rebound.PATCH("/v1/contacts/{contact_id}", {
    params: { path, header: { "If-Match": etagOf(found) } },
    body: { connection_status: "connected", cadence_days: 42 },
  });
  return expect(changed, 200);
}

/** Keep the company in view that one would still like to work for. */
export async function follow(
  rebound: Rebound,
  rejection: Schemas["Rejection"],
): Promise<Schemas["Company"]> {
  const query = { name: rejection.company_name };
  const listed = expect(await rebound.GET("/v1/companies", { params: { query } }), 200).items;
  const [found] = listed;
  check(found?.id === rejection.company_id, "another company has that name");
  const changed = await rebound.PATCH("/v1/companies/{company_id}", {
    params: { path: { company_id: found.id }, header: { "If-Match": etagOf(found) } },
    body: { following: true, follow_channels: ["newsletter"], cadence_days: 30 },
  });
  const company = expect(changed, 200);
  check(company.following, "nobody follows it");
  return company;
}

/** Nothing is due today. Look ahead to the day on which it is time to write again. */
export async function seeFollowUps(
  rebound: Rebound,
  contact: Contact,
  company: Schemas["Company"],
): Promise<number> {
  const now = expect(await rebound.GET("/v1/follow-ups"), 200);
  check(now.items.length === 0, "it is too early");
  const ahead = contact.next_follow_up_on;
  check(ahead !== null, "nobody knows when");
  const then = await rebound.GET("/v1/follow-ups", { params: { query: { on: ahead } } });
  const names = expect(then, 200).items.map(({ name }) => name);
  check(isDeepStrictEqual(names, [company.name, contact.name]), `due: ${names}`);
  return names.length;
}
