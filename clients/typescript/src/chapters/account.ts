/** Sign up, sign in, choose how to be treated; at the end sign out and delete the account. */

import { randomUUID } from "node:crypto";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagIn, etagOf, expect, expectEmpty, refused } from "../story.js";

const PASSWORD = "three boats on a quiet lake"; // A sample.

/** Make an account for a new e-mail address, and return the address. */
export async function signUp(visitor: Rebound): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const me = expect(
    await visitor.POST("/v1/accounts", {
      body: { email, password: PASSWORD, time_zone: "Europe/Berlin" },
    }),
    201,
  );
  // Where addresses are verified first, the answer is 202 and does not tell who has an account.
  check("email" in me && me.email === email, "signed up as somebody else");
  return email;
}

/** Exchange the password for tokens. Keep both: the second one renews the first. */
export async function signIn(visitor: Rebound, email: string): Promise<Schemas["SessionTokens"]> {
  return expect(await visitor.POST("/v1/sessions", { body: { email, password: PASSWORD } }), 201);
}

/** Consent to keeping check-ins: nothing about well-being is stored before. */
export async function allowCheckIns(rebound: Rebound): Promise<void> {
  const found = await rebound.GET("/v1/me");
  check(!expect(found, 200).wellbeing_tracking, "nobody has consented yet");
  // What changes a record says which revision of it was read: its ETag.
  const changed = await rebound.PATCH("/v1/me", {
    params: { header: { "If-Match": etagIn(found) } },
    body: { wellbeing_tracking: true, next_actions_per_day: 5 },
  });
  check(expect(changed, 200).wellbeing_tracking, "the consent was not kept");
}

/** End the session: its token is worth nothing from then on. */
export async function signOut(rebound: Rebound): Promise<void> {
  expectEmpty(await rebound.DELETE("/v1/sessions/current"), 204);
  refused(await rebound.GET("/v1/me"), 401, "unauthenticated");
}

/** Delete the account and everything in it, at once and for good. */
export async function deleteAccount(rebound: Rebound, accountId: string): Promise<void> {
  const me = expect(await rebound.GET("/v1/me"), 200);
  check(me.id === accountId, "that is somebody else");
  // The ETag is the quoted revision, so a record that came in a list needs no second request.
  const gone = await rebound.DELETE("/v1/me", {
    params: { header: { "If-Match": etagOf(me) } },
  });
  expectEmpty(gone, 204);
  refused(await rebound.GET("/v1/me"), 401, "unauthenticated");
}
