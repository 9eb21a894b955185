/** Record a rejection with an id of one's own, and see the plan that started by itself. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, expect } from "../story.js";

/** Record a "no". An app that works offline chooses the id itself. */
export async function recordWithOwnId(rebound: Rebound): Promise<Schemas["Rejection"]> {
  const said: Schemas["RejectionCreate"] = {
    id: randomUUID(),
    company_name: "Example GmbH",
    stage: "interview",
    channel: "phone",
  };
  const answer = await rebound.POST("/v1/rejections", { body: said });
  const rejection = expect(answer, 201);
  check(rejection.id === said.id, "the id is the server's");
  const location = answer.response.headers.get("Location");
  check(location === `/v1/rejections/${rejection.id}`, "the record stands elsewhere");

  // Sent again, it is found by its id: 200 instead of 201, and nothing is stored twice.
  const again = expect(await rebound.POST("/v1/rejections", { body: said }), 200);
  check(isDeepStrictEqual(again, rejection), "the same id gave another record");
  return rejection;
}

/** The plan that started with the rejection, with its steps. */
export async function findPlan(
  rebound: Rebound,
  rejectionId: string,
): Promise<Schemas["RecoveryPlan"]> {
  const page = expect(
    await rebound.GET("/v1/recovery-plans", { params: { query: { rejection_id: rejectionId } } }),
    200,
  );
  const [summary] = page.items;
  check(summary !== undefined && page.items.length === 1, "one plan has started");
  const plan = expect(
    await rebound.GET("/v1/recovery-plans/{plan_id}", { params: { path: { plan_id: summary.id } } }),
    200,
  );
  check(plan.pause_until !== null, "a new plan leaves its person alone for a while");
  check(plan.steps.length > 1, "the plan has no steps");
  return plan;
}
