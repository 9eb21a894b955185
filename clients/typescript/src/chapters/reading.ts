/** Page through a list, read only what is new, and ask for another language. */

import { isDeepStrictEqual } from "node:util";

import type { Rebound } from "../rebound.js";
import { check, etagOf, expect, expectEmpty } from "../story.js";

/** Follow `next_cursor` to the end; `again` is the app after a restart, with a kept cursor. */
export async function pageThrough(rebound: Rebound, again: Rebound): Promise<number> {
  for (const stage of ["application", "screening"] as const) {
    const body = { company_name: `Sample ${stage} Ltd`, stage, start_plan: false };
    expect(await rebound.POST("/v1/rejections", { body }), 201);
  }

  const whole = expect(await rebound.GET("/v1/rejections"), 200);
  check(whole.next_cursor === null, "all of them fit on one page");

  const walked: string[] = [];
  const query: { limit: number; cursor?: string } = { limit: 1 };
  let kept: string | undefined;
  for (;;) {
    const page = expect(await rebound.GET("/v1/rejections", { params: { query } }), 200);
    walked.push(...page.items.map(({ id }) => id));
    if (page.next_cursor === null) {
      break;
    }
    query.cursor = page.next_cursor;
    kept ??= page.next_cursor;
  }
  const ids = whole.items.map(({ id }) => id);
  check(isDeepStrictEqual(walked, ids), "the pages differ from the list");

  check(kept !== undefined, "the first page was the last");
  const rest = await again.GET("/v1/rejections", { params: { query: { cursor: kept } } });
  const left = expect(rest, 200).items.map(({ id }) => id);
  check(isDeepStrictEqual(left, walked.slice(1)), "a kept cursor goes on where it was");
  return walked.length;
}

/** Ask with the ETag one holds: an unchanged record answers 304, without a body. */
export async function readWhatIsNew(rebound: Rebound, rejectionId: string): Promise<void> {
  const path = { rejection_id: rejectionId };
  const first = await rebound.GET("/v1/rejections/{rejection_id}", { params: { path } });
  expect(first, 200);
  const second = await rebound.GET("/v1/rejections/{rejection_id}", {
    params: { path, header: { "If-None-Match": etagOf(first) } },
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
