/** Compare what is stored with what was told: each record once, as the last answer showed it. */

import { isDeepStrictEqual } from "node:util";

import type { Rebound } from "../rebound.js";
import { check, expect, type AnyRecord } from "../story.js";

/** Every record of the person's own, read from its list. */
export async function readEverything(rebound: Rebound): Promise<AnyRecord[]> {
  // A company comes into being by its name alone; those that are followed were told.
  const followed = { params: { query: { following: true } } };
  return [
    ...expect(await rebound.GET("/v1/rejections"), 200).items,
    ...expect(await rebound.GET("/v1/check-ins"), 200).items,
    ...expect(await rebound.GET("/v1/feedback-requests"), 200).items,
    ...expect(await rebound.GET("/v1/feedback"), 200).items,
    ...expect(await rebound.GET("/v1/reflections"), 200).items,
    ...expect(await rebound.GET("/v1/lessons"), 200).items,
    ...expect(await rebound.GET("/v1/skill-gaps"), 200).items,
    ...expect(await rebound.GET("/v1/culture-fit-assessments"), 200).items,
    ...expect(await rebound.GET("/v1/contacts"), 200).items,
    ...expect(await rebound.GET("/v1/companies", followed), 200).items,
    ...expect(await rebound.GET("/v1/interactions"), 200).items,
    ...expect(await rebound.GET("/v1/networking-events"), 200).items,
    ...expect(await rebound.GET("/v1/opportunities"), 200).items,
    ...expect(await rebound.GET("/v1/goals"), 200).items,
  ];
}

/** Nothing is missing, nothing is there twice, and nothing differs. Returns how many it are. */
export function compare(told: AnyRecord[], stored: AnyRecord[]): number {
  const [wanted = [], found = []] = [told, stored].map((records) =>
    records.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  );
  wanted.forEach((one, index) => {
    const other = found[index];
    check(
      isDeepStrictEqual(one, other),
      `told: ${JSON.stringify(one)}\nstored: ${JSON.stringify(other)}`,
    );
  });
  check(wanted.length === found.length, `told: ${wanted.length}, stored: ${found.length}`);
  return found.length;
}
