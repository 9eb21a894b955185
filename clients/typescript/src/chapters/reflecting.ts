/** Stage C, reflect: half an hour of looking back, what to keep, what to learn, what fits. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, etagOf, everyPage, expect, refused } from "../story.js";

type Rejection = Schemas["Rejection"];
type Lesson = Schemas["Lesson"];

/** Answer what is asked. Each prompt names the operation and the field for its answer. */
export async function lookBack(
  rebound: Rebound,
  rejection: Rejection,
): Promise<Schemas["Reflection"]> {
  const query = { rejection_id: rejection.id };
  const prompts = expect(await rebound.GET("/v1/reflection-prompts", { params: { query } }), 200);
  const minutes = prompts.items.reduce((sum, prompt) => sum + prompt.minutes, 0);
  check(minutes <= prompts.minutes, `${minutes} minutes are too many`);
  const last = prompts.items.at(-1);
  check(last?.operation_id === "record_reflection", `${last?.operation_id}`);
  check(last.field === "next_time", `it ends with ${last.field}`);

  const said: Schemas["ReflectionCreate"] = {
    id: randomUUID(),
    rejection_id: rejection.id,
    kind: "interview",
    ratings: { preparation: 4, communication: 2 },
    strengths: ["I stayed calm."],
    next_time: { cue: "When I hear a number question,", action: "I say a range first." },
  };
  const reflection = expect(await rebound.POST("/v1/reflections", { body: said }), 201);
  check(reflection.id === said.id, "the id is the server's");
  // One rating looks different the next day; the other one stays as it was.
  const changed = await rebound.PATCH("/v1/reflections/{reflection_id}", {
    params: {
      path: { reflection_id: reflection.id },
      header: { "If-Match": etagOf(reflection) },
    },
    body: { ratings: { communication: 3 } },
  });
  const later = expect(changed, 200);
  const ratings = [later.ratings.preparation, later.ratings.communication];
  check(isDeepStrictEqual(ratings, [4, 3]), `the ratings are ${ratings}`);
  return later;
}

/** Keep three lessons that know where they come from, and page through them. */
export async function keepLessons(
  rebound: Rebound,
  feedback: Schemas["Feedback"],
  reflection: Schemas["Reflection"],
): Promise<Lesson[]> {
  const fromFeedback = { collection: "feedback", id: feedback.id } as const;
  const fromReflection = { collection: "reflections", id: reflection.id } as const;
  const lessons: Lesson[] = [];
  for (const [text, source] of [
    ["Show the way to a number, not only the number.", fromFeedback],
    ["A range is an answer.", fromReflection],
    ["Stay calm: it works.", fromReflection],
  ] as const) {
    const said: Schemas["LessonCreate"] = { id: randomUUID(), text, practice: "E2", source };
    lessons.push(expect(await rebound.POST("/v1/lessons", { body: said }), 201));
  }

  const pages = await everyPage((from) =>
    rebound.GET("/v1/lessons", {
      params: { query: { practice: "E2", sort: "created_at", limit: 2, ...from } },
    }),
  );
  const sizes = pages.map(({ items }) => items.length);
  check(isDeepStrictEqual(sizes, [2, 1]), `${pages.length} pages`);
  const walked = pages.flatMap(({ items }) => items);
  check(isDeepStrictEqual(walked, lessons), "the pages differ from what was kept");
  return lessons;
}

/** Name a gap, once, and begin to close it. */
export async function nameGap(
  rebound: Rebound,
  rejection: Rejection,
): Promise<Schemas["SkillGap"]> {
  const said: Schemas["SkillGapCreate"] = {
    id: randomUUID(),
    name: "Forecasting",
    severity: "high",
    rejection_ids: [rejection.id],
  };
  const gap = expect(await rebound.POST("/v1/skill-gaps", { body: said }), 201);
  // The same name again, from another screen: the problem says which one is there.
  const twice = await rebound.POST("/v1/skill-gaps", { body: { name: "forecasting" } });
  const held = refused(twice, 409, "skill-gap-exists").skill_gap_id;
  check(held === gap.id, "another gap has that name");

  const changed = await rebound.PATCH("/v1/skill-gaps/{skill_gap_id}", {
    params: { path: { skill_gap_id: gap.id }, header: { "If-Match": etagOf(gap) } },
    body: { status: "in_progress", plan: "One small forecast a week.", progress_percent: 20 },
  });
  const begun = expect(changed, 200);
  check(begun.progress_percent === 20, "the progress was not kept");
  return begun;
}

/** Compare what matters to one with what was seen; the answer says how well they fit. */
export async function compareValues(
  rebound: Rebound,
  rejection: Rejection,
): Promise<Schemas["CultureFitAssessment"]> {
  const said: Schemas["CultureFitAssessmentCreate"] = {
    id: randomUUID(),
    rejection_id: rejection.id,
    ratings: [
      { value: "learning", importance: 5, observed: 2 },
      { value: "pay", importance: 2, observed: 5 },
    ],
    red_flags: ["Nobody had time for questions."],
  };
  const fit = expect(await rebound.POST("/v1/culture-fit-assessments", { body: said }), 201);
  check(fit.conclusion === "mixed", `it is ${fit.conclusion}`);
  return fit;
}
