/** Who else sees what: organisations, grants, the access log; comments; webhooks of one's own. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagOf, expect, expectEmpty } from "../story.js";

/** Nobody accompanies this person, so nobody was let in and nobody has looked. */
export async function seeWhoLooks(rebound: Rebound): Promise<number> {
  const organizations = expect(await rebound.GET("/v1/organizations"), 200).items;
  const active = await rebound.GET("/v1/grants", { params: { query: { status: "active" } } });
  const looks = expect(await rebound.GET("/v1/access-log"), 200).items;
  check(organizations.length + expect(active, 200).items.length === 0, "who is that?");
  return looks.length;
}

/** Say something about a record; a coach with a grant would read it, and could answer. */
export async function comment(
  rebound: Rebound,
  rejection: Schemas["Rejection"],
): Promise<Schemas["Comment"]> {
  const said: Schemas["CommentCreate"] = {
    id: randomUUID(),
    about: { collection: "rejections", id: rejection.id },
    text: "To talk about on Tuesday.",
  };
  const comment = expect(await rebound.POST("/v1/comments", { body: said }), 201);
  const query = { record_id: rejection.id };
  const found = expect(await rebound.GET("/v1/comments", { params: { query } }), 200).items;
  check(isDeepStrictEqual(found, [comment]), "there are other comments");
  return comment;
}

/**
 * Be told of one's own rejections at an address of one's own, and then no longer.
 *
 * The secret is in this one answer; over a bad line, delete an endpoint whose secret got lost.
 */
export async function listen(rebound: Rebound): Promise<number> {
  const types = expect(await rebound.GET("/v1/event-types"), 200).items;
  check(
    types.some(({ type }) => type === "rejection.recorded"),
    "nothing is told of it",
  );
  const made = await rebound.POST("/v1/webhook-endpoints", {
    body: { url: "https://hooks.example.com/rebound", event_types: ["rejection.recorded"] },
  });
  const endpoint = expect(made, 201);
  check(endpoint.secret.startsWith("whsec_"), "that is no secret of Standard Webhooks");
  const gone = await rebound.DELETE("/v1/webhook-endpoints/{endpoint_id}", {
    params: { path: { endpoint_id: endpoint.id }, header: { "If-Match": etagOf(endpoint) } },
  });
  expectEmpty(gone, 204);
  return types.length;
}
