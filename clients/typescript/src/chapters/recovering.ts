/** Check in, ask what to do next, and tick it. */

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagOf, expect } from "../story.js";

/** Note how one is. It ticks the plan's step, and the way to support is in the answer. */
export async function checkIn(
  rebound: Rebound,
  rejectionId: string,
  planId: string,
): Promise<void> {
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
}

/** Be ready sooner than planned. `null` clears a field; what is not named stays. */
export async function endPause(rebound: Rebound, planId: string): Promise<void> {
  // The check-in has ticked a step, which is a new revision of the plan: read it again.
  const path = { plan_id: planId };
  const found = await rebound.GET("/v1/recovery-plans/{plan_id}", { params: { path } });
  const changed = await rebound.PATCH("/v1/recovery-plans/{plan_id}", {
    params: { path, header: { "If-Match": etagOf(found) } },
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
  check(etagOf(shown) === etagOf(started), "two ETags for one revision");
  const ticked = await rebound.PATCH("/v1/recovery-steps/{step_id}", {
    params: { path, header: { "If-Match": etagOf(shown) } },
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
