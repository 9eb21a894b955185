/** Stage E, go on: a goal in one's own hands, the next application, an evening among people. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagOf, everyPage, expect, refused } from "../story.js";

type Goal = Schemas["Goal"];
type Lesson = Schemas["Lesson"];
type Opportunity = Schemas["Opportunity"];

const A_WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Set a goal that counts what one does. There is none that counts rejections avoided. */
export async function aim(rebound: Rebound): Promise<Goal> {
  const said: Schemas["GoalCreate"] = {
    id: randomUUID(),
    title: "Use one lesson a week",
    metric: "lessons_applied",
    target: 1,
    period: "week",
  };
  const goal = expect(await rebound.POST("/v1/goals", { body: said }), 201);
  check(goal.id === said.id, "the id is the server's");
  check(goal.status === "active", `it is ${goal.status}`);
  return goal;
}

/** Keep a role in view, apply for it, and be invited to an interview. */
export async function apply(rebound: Rebound): Promise<Opportunity> {
  const said: Schemas["OpportunityCreate"] = {
    id: randomUUID(),
    company_name: "Sample AG",
    role_title: "Data engineer",
  };
  let opportunity = expect(await rebound.POST("/v1/opportunities", { body: said }), 201);
  const path = { opportunity_id: opportunity.id };
  const soon = new Date(Date.now() + A_WEEK_MS).toISOString();
  const changes: Schemas["OpportunityPatch"][] = [
    { status: "applied" },
    { status: "interviewing", next_stage: "interview", next_event_at: soon },
  ];
  for (const body of changes) {
    const changed = await rebound.PATCH("/v1/opportunities/{opportunity_id}", {
      params: { path, header: { "If-Match": etagOf(opportunity) } },
      body,
    });
    opportunity = expect(changed, 200);
  }
  check(opportunity.applied_on !== null, "nobody knows since when");
  return opportunity;
}

/** Get an offer, and take it. */
export async function accept(rebound: Rebound, invited: Opportunity): Promise<Opportunity> {
  let opportunity = invited;
  const path = { opportunity_id: opportunity.id };
  for (const status of ["offered", "accepted"] as const) {
    const changed = await rebound.PATCH("/v1/opportunities/{opportunity_id}", {
      params: { path, header: { "If-Match": etagOf(opportunity) } },
      body: { status },
    });
    opportunity = expect(changed, 200);
  }

  // What was accepted cannot become an application again. The problem lists what it can become.
  const back = await rebound.PATCH("/v1/opportunities/{opportunity_id}", {
    params: { path, header: { "If-Match": etagOf(opportunity) } },
    body: { status: "applied" },
  });
  const { allowed } = refused(back, 409, "invalid-transition");
  check(isDeepStrictEqual(allowed, ["rejected", "withdrawn"]), `${allowed}`);
  return opportunity;
}

/** Every change of the status is kept, once; here two of them a page. */
export async function seeHistory(rebound: Rebound, opportunity: Opportunity): Promise<string[]> {
  const path = { opportunity_id: opportunity.id };
  const pages = await everyPage((from) =>
    rebound.GET("/v1/opportunities/{opportunity_id}/stage-history", {
      params: { path, query: { sort: "changed_at", limit: 2, ...from } },
    }),
  );
  const steps = pages.flatMap(({ items }) => items.map((step) => step.to_status));
  const taken = ["saved", "applied", "interviewing", "offered", "accepted"];
  check(isDeepStrictEqual(steps, taken), `${steps}`);
  return steps;
}

/** Use what was learned where it counts. */
export async function useLesson(
  rebound: Rebound,
  lesson: Lesson,
  opportunity: Opportunity,
): Promise<Lesson> {
  const changed = await rebound.PATCH("/v1/lessons/{lesson_id}", {
    params: { path: { lesson_id: lesson.id }, header: { "If-Match": etagOf(lesson) } },
    body: { status: "applied", applied_to_opportunity_id: opportunity.id },
  });
  const used = expect(changed, 200);
  check(used.applied_on !== null, "nobody knows when");
  return used;
}

/** Say that the goal is reached; nothing else decides that. */
export async function achieve(rebound: Rebound, goal: Goal): Promise<Goal> {
  const changed = await rebound.PATCH("/v1/goals/{goal_id}", {
    params: { path: { goal_id: goal.id }, header: { "If-Match": etagOf(goal) } },
    body: { status: "achieved" },
  });
  return expect(changed, 200);
}

/** Go to a meetup, and note whom one met there. */
export async function meetPeople(
  rebound: Rebound,
  contact: Schemas["Contact"],
): Promise<Schemas["NetworkingEvent"]> {
  const said: Schemas["NetworkingEventCreate"] = {
    id: randomUUID(),
    name: "Data meetup",
    kind: "meetup",
    status: "registered",
  };
  const event = expect(await rebound.POST("/v1/networking-events", { body: said }), 201);
  const changed = await rebound.PATCH("/v1/networking-events/{networking_event_id}", {
    params: {
      path: { networking_event_id: event.id },
      header: { "If-Match": etagOf(event) },
    },
    body: { status: "attended", contact_ids: [contact.id] },
  });
  const attended = expect(changed, 200);
  check(isDeepStrictEqual(attended.contact_ids, [contact.id]), "nobody was there");
  return attended;
}
