/**
 * On a train: the request arrives, its answer gets lost. Send it again, and it is still done once.
 *
 * An app does not know whether a request without an answer was carried out. Rebound is made so that
 * it can simply repeat it: creating with the same `Idempotency-Key`, changing with the same
 * `If-Match`, deleting, and refreshing tokens.
 */

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, expect, expectEmpty, refused } from "../story.js";

const MAX_ATTEMPTS = 3;

/** A `fetch` that sends until an answer comes, three times at most; it counts the attempts. */
export class Stubborn {
  attempts = 0;

  readonly fetch = async (request: Request): Promise<Response> => {
    for (let attempt = 1; ; attempt++) {
      this.attempts++;
      try {
        // A body can be sent only once, so each attempt sends a copy.
        return await fetch(request.clone());
      } catch (error) {
        // `fetch` throws when there is no answer at all; a refusal is an answer.
        if (attempt === MAX_ATTEMPTS) {
          throw error;
        }
        await sleep(100 * attempt);
      }
    }
  };
}

/** Create with a key that is made once, before the first attempt. */
export async function recordOnce(
  line: Rebound,
  stubborn: Stubborn,
): Promise<Schemas["Rejection"]> {
  const before = stubborn.attempts;
  const answer = await line.POST("/v1/rejections", {
    params: { header: { "Idempotency-Key": randomUUID() } },
    body: { company_name: "Sample Railways", stage: "final_round" },
  });
  const rejection = expect(answer, 201);
  const repeated = stubborn.attempts > before + 1;
  const replayed = answer.response.headers.get("Idempotency-Replayed") === "true";
  check(replayed === repeated, "only a repeated request gets the stored answer");

  const query = { company_name: rejection.company_name };
  const found = expect(await line.GET("/v1/rejections", { params: { query } }), 200);
  check(isDeepStrictEqual(found.items, [rejection]), "exactly one record stands there");
  return rejection;
}

/** Change and delete with the same `If-Match`, however often it takes. */
export async function closeAndDeleteOnce(
  line: Rebound,
  stubborn: Stubborn,
  rejection: Schemas["Rejection"],
): Promise<void> {
  const path = { rejection_id: rejection.id };
  const answer = await line.PATCH("/v1/rejections/{rejection_id}", {
    params: { path, header: { "If-Match": `"${rejection.revision}"` } },
    body: { status: "closed" },
  });
  // The first attempt has closed it. The second one finds what it wants and changes nothing.
  const closed = expect(answer, 200);
  check(closed.status === "closed", "it is open");

  const before = stubborn.attempts;
  const gone = await line.DELETE("/v1/rejections/{rejection_id}", {
    params: { path, header: { "If-Match": `"${closed.revision}"` } },
  });
  const repeated = stubborn.attempts > before + 1;
  // 404 to a repeated DELETE is as good as 204: it is gone.
  if (repeated) {
    refused(gone, 404, "not-found");
  } else {
    expectEmpty(gone, 204);
  }
}

/** Renew the tokens; for a minute, the same refresh token may be sent again. */
export async function refreshOnce(
  line: Rebound,
  tokens: Schemas["SessionTokens"],
): Promise<Schemas["SessionTokens"]> {
  const renewed = expect(
    await line.POST("/v1/sessions/refresh", { body: { refresh_token: tokens.refresh_token } }),
    200,
  );
  check(renewed.session_id === tokens.session_id, "it is still the same session");
  check(renewed.access_token !== tokens.access_token, "nothing was renewed");
  return renewed;
}
