/**
 * On a train: the request arrives, its answer gets lost. Sent again, it is still done once.
 *
 * The client repeats by itself, as `rebound.ts` shows. Here one sees what the server says to that.
 */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas, Stubborn } from "../rebound.js";
import { check, etagOf, expect, expectEmpty, refused } from "../story.js";

/** Create with a key; an app that queues requests makes it when the person taps. */
export async function recordOnce(
  rebound: Rebound,
  line: Stubborn,
): Promise<Schemas["Rejection"]> {
  const before = line.attempts;
  const answer = await rebound.POST("/v1/rejections", {
    params: { header: { "Idempotency-Key": randomUUID() } },
    body: { company_name: "Sample Railways", stage: "final_round" },
  });
  const rejection = expect(answer, 201);
  const repeated = line.attempts > before + 1;
  const replayed = answer.response.headers.get("Idempotency-Replayed") === "true";
  check(replayed === repeated, "only a repeated request gets the stored answer");

  const query = { company_name: rejection.company_name };
  const found = expect(await rebound.GET("/v1/rejections", { params: { query } }), 200);
  check(isDeepStrictEqual(found.items, [rejection]), "exactly one stands there");
  return rejection;
}

/** Change and delete with the same `If-Match`, however often it takes. */
export async function closeAndDeleteOnce(
  rebound: Rebound,
  line: Stubborn,
  rejection: Schemas["Rejection"],
): Promise<void> {
  const path = { rejection_id: rejection.id };
  const answer = await rebound.PATCH("/v1/rejections/{rejection_id}", {
    params: { path, header: { "If-Match": etagOf(rejection) } },
    body: { status: "closed" },
  });
  // The first attempt has closed it. The second one finds what it wants and changes nothing.
  const closed = expect(answer, 200);
  check(closed.status === "closed", "it is open");

  const before = line.attempts;
  const gone = await rebound.DELETE("/v1/rejections/{rejection_id}", {
    params: { path, header: { "If-Match": etagOf(closed) } },
  });
  const repeated = line.attempts > before + 1;
  // 404 to a repeated DELETE is as good as 204: it is gone.
  if (repeated) {
    refused(gone, 404, "not-found");
  } else {
    expectEmpty(gone, 204);
  }
}

/** Renew the tokens; for a minute, the same refresh token may be sent again. */
export async function refreshOnce(
  rebound: Rebound,
  tokens: Schemas["SessionTokens"],
): Promise<Schemas["SessionTokens"]> {
  const renewed = expect(
    await rebound.POST("/v1/sessions/refresh", { body: { refresh_token: tokens.refresh_token } }),
    200,
  );
  check(renewed.session_id === tokens.session_id, "it is still the same session");
  check(renewed.access_token !== tokens.access_token, "nothing was renewed");
  return renewed;
}
