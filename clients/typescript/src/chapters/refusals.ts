/** Every refusal is a typed `Problem` that says what is the matter. */

import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagOf, findingsOf, refused } from "../story.js";

type Step = Schemas["RecoveryStep"];

/** An ETag that is no longer right: somebody, perhaps another device, was faster. */
export async function changeWhatHasChanged(rebound: Rebound, step: Step): Promise<void> {
  const path = { step_id: step.id };
  const body = { title: "Write the thank-you note" };
  const stale = await rebound.PATCH("/v1/recovery-steps/{step_id}", {
    params: { path, header: { "If-Match": `"${step.revision - 1}"` } },
    body,
  });
  refused(stale, 412, "precondition-failed");

  // And none at all: the server does not guess which revision was meant.
  const missing = await rebound.PATCH("/v1/recovery-steps/{step_id}", { params: { path }, body });
  refused(missing, 428, "precondition-missing");
}

/** A status that cannot follow; the problem lists those that can. */
export async function skipWhatIsDone(rebound: Rebound, step: Step): Promise<void> {
  const answer = await rebound.PATCH("/v1/recovery-steps/{step_id}", {
    params: { path: { step_id: step.id }, header: { "If-Match": etagOf(step) } },
    body: { status: "skipped" },
  });
  const { allowed } = refused(answer, 409, "invalid-transition");
  check(isDeepStrictEqual(allowed, ["pending"]), `allowed: ${allowed}`);
}

/** A body that is not valid: each finding points to its field, for the form to show it there. */
export async function forgetTheCompany(rebound: Rebound): Promise<void> {
  const answer = await rebound.POST("/v1/rejections", {
    body: { company_name: "", stage: "interview" },
  });
  const found = findingsOf(refused(answer, 422, "invalid"));
  check(isDeepStrictEqual(found, ["/company_name string_too_short"]), `found ${found}`);
}
