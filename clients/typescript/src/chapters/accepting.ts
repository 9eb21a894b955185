/** Stage A, accept and process: record the "no", take the pause, check in, do the next thing. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagIn, expect } from "../story.js";

/** Record a "no". An app that works offline chooses the id itself. */
export async function recordWithOwnId(rebound: Rebound): Promise<Schemas["Rejection"]> {
  const said: Schemas["RejectionCreate"] = {
    id: randomUUID(),
    company_name: "Example GmbH",
    role_title: "Data analyst",
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
    await rebound.GET("/v1/recovery-plans/{plan_id}", {
      params: { path: { plan_id: summary.id } },
    }),
    200,
  );
  check(plan.pause_until !== null, "a new plan leaves its person alone for a while");
  check(plan.steps.length > 1, "the plan has no steps");
  return plan;
}

/** Note how one is. It ticks the plan's step, and the way to support is in the answer. */
export async function checkIn(
  rebound: Rebound,
  rejectionId: string,
  planId: string,
): Promise<Schemas["CheckIn"]> {
  const noted = expect(
    await rebound.POST("/v1/check-ins", {
      body: { rejection_id: rejectionId, mood: 2, energy: 3, emotions: ["disappointed"] },
    }),
    201,
  );
  check(noted.support.href.startsWith("/v1/support-resources"), noted.support.href);
  const support = await rebound.GET("/v1/support-resources", {
    params: { query: { country: "DE" } },
  });
  check(expect(support, 200).items.length > 0, "no support is listed");

  const done = await rebound.GET("/v1/recovery-steps", {
    params: { query: { plan_id: planId, status: "done" } },
  });
  const ticked = expect(done, 200).items;
  check(ticked.length > 0, "the check-in ticked nothing");
  for (const step of ticked) {
    check(step.done_by === "event", `who ticked '${step.title}'?`);
    check(step.evidence?.id === noted.id, `what ticked '${step.title}'?`);
  }
  const path = { check_in_id: noted.id };
  return expect(await rebound.GET("/v1/check-ins/{check_in_id}", { params: { path } }), 200);
}

/** Be ready sooner than planned. `null` clears a field; what is not named stays. */
export async function endPause(rebound: Rebound, planId: string): Promise<void> {
  // The check-in has ticked a step, which is a new revision of the plan: read it again.
  const path = { plan_id: planId };
  const found = await rebound.GET("/v1/recovery-plans/{plan_id}", { params: { path } });
  const changed = await rebound.PATCH("/v1/recovery-plans/{plan_id}", {
    params: { path, header: { "If-Match": etagIn(found) } },
    body: { pause_until: null },
  });
  check(expect(changed, 200).pause_until === null, "the pause goes on");
}

/** Do the first thing that is offered: the item says what to change, with which revision. */
export async function doNext(rebound: Rebound): Promise<Schemas["RecoveryStep"]> {
  const [action] = expect(await rebound.GET("/v1/next-actions"), 200).items;
  check(action !== undefined, "nothing is offered");
  check(action.operation_id === "update_recovery_step", action.operation_id);

  const path = { step_id: action.record_id };
  const started = await rebound.PATCH("/v1/recovery-steps/{step_id}", {
    params: { path, header: { "If-Match": `"${action.revision}"` } },
    body: { status: "in_progress" },
  });
  check(expect(started, 200).status === "in_progress", "not started");

  // The other way to the same revision: the ETag header of any answer that shows the record.
  const shown = await rebound.GET("/v1/recovery-steps/{step_id}", { params: { path } });
  check(etagIn(shown) === etagIn(started), "two ETags for one revision");
  const ticked = await rebound.PATCH("/v1/recovery-steps/{step_id}", {
    params: { path, header: { "If-Match": etagIn(shown) } },
    body: { status: "done" },
  });
  const step = expect(ticked, 200);
  check(step.done_by === "person", "somebody else did it");

  const left = expect(await rebound.GET("/v1/next-actions"), 200).items;
  check(
    left.every((item) => item.record_id !== step.id),
    "it is still offered",
  );
  return step;
}
