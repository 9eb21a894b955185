/** Page through a list, read only what is new, and ask for another language. */

import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagIn, everyPage, expect, expectEmpty } from "../story.js";

/** Two rejections without a plan: what one only wants to remember. */
export async function recordTwoMore(rebound: Rebound): Promise<Schemas["Rejection"][]> {
  const recorded: Schemas["Rejection"][] = [];
  for (const stage of ["application", "screening"] as const) {
    const body = { company_name: `Sample ${stage} Ltd`, stage, start_plan: false };
    recorded.push(expect(await rebound.POST("/v1/rejections", { body }), 201));
  }
  return recorded;
}

/** Follow `next_cursor` to the end; `again` is the app after a restart, with a kept cursor. */
export async function pageThrough(rebound: Rebound, again: Rebound): Promise<number> {
  const whole = expect(await rebound.GET("/v1/rejections"), 200);
  check(whole.next_cursor === null, "all of them fit on one page");

  const pages = await everyPage((from) =>
    rebound.GET("/v1/rejections", { params: { query: { limit: 1, ...from } } }),
  );
  const walked = pages.flatMap(({ items }) => items);
  check(isDeepStrictEqual(walked, whole.items), "the pages differ from the list");

  const kept = pages[0]?.next_cursor;
  check(typeof kept === "string", "the first page was the last");
  const rest = await again.GET("/v1/rejections", { params: { query: { cursor: kept } } });
  const left = expect(rest, 200).items;
  check(isDeepStrictEqual(left, walked.slice(1)), "a kept cursor goes on where it was");
  return pages.length;
}

/** Ask with the ETag one holds: an unchanged record answers 304, without a body. */
export async function readWhatIsNew(rebound: Rebound, rejectionId: string): Promise<void> {
  const path = { rejection_id: rejectionId };
  const first = await rebound.GET("/v1/rejections/{rejection_id}", { params: { path } });
  expect(first, 200);
  const second = await rebound.GET("/v1/rejections/{rejection_id}", {
    params: { path, header: { "If-None-Match": etagIn(first) } },
  });
  expectEmpty(second, 304);
}

/** Labels come in the language one asks for; the codes stay the same. Returns a label. */
export async function readGerman(rebound: Rebound): Promise<string> {
  const english = await readLabel(rebound, "en");
  const german = await readLabel(rebound, "de");
  check(german !== english, `both are '${german}'`);
  return german;
}

async function readLabel(rebound: Rebound, language: "en" | "de"): Promise<string> {
  const answer = await rebound.GET("/v1/vocabularies", {
    params: { header: { "Accept-Language": language } },
  });
  const found = expect(answer, 200);
  check(found.language === language, `asked for ${language}, got ${found.language}`);
  const stages = found.items.find(({ name }) => name === "rejection_stage");
  const interview = stages?.terms.find(({ code }) => code === "interview");
  check(interview !== undefined, "no label for an interview");
  return interview.label;
}
