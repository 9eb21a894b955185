/** Look up what one has: a brief before an interview, a word, the days ahead, how far one is. */

import { isDeepStrictEqual } from "node:util";

import type { Rebound, Schemas } from "../rebound.js";
import { check, expect } from "../story.js";

type Opportunity = Schemas["Opportunity"];

/** Read before an interview what earlier ones taught. Returns how many lessons are in it. */
export async function openBrief(
  rebound: Rebound,
  opportunity: Opportunity,
  lesson: Schemas["Lesson"],
): Promise<number> {
  const path = { opportunity_id: opportunity.id };
  const answer = await rebound.GET("/v1/opportunities/{opportunity_id}/preparation-brief", {
    params: { path },
  });
  const brief = expect(answer, 200);
  check(brief.next_stage === opportunity.next_stage, `it is for ${brief.next_stage}`);
  const found = brief.lessons.find((one) => one.lesson_id === lesson.id);
  check(found?.text === lesson.text, `it says '${found?.text}'`);
  // The lesson comes from feedback on an interview, and an interview is what comes next.
  check(found.reason === "same_stage", `it is there for ${found.reason}`);
  return brief.lessons.length;
}

/** What one did elsewhere has ticked the plan. Returns how many steps it were. */
export async function seeTicks(
  rebound: Rebound,
  rejection: Schemas["Rejection"],
  opportunity: Opportunity,
): Promise<number> {
  const query = { rejection_id: rejection.id, status: "done" } as const;
  const listed = await rebound.GET("/v1/recovery-steps", { params: { query } });
  const done = expect(listed, 200).items;
  const ticked = new Map(
    done.filter((step) => step.done_by === "event").map((step) => [step.kind, step]),
  );
  const kinds: Schemas["StepKind"][] = [
    "decompress",
    "check_in",
    "request_feedback",
    "reflect",
    "assess_gaps",
    "capture_lesson",
    "connect",
    "prepare_next",
  ];
  const found = [...ticked.keys()].sort();
  check(isDeepStrictEqual(found, kinds.sort()), `ticked: ${found}`);
  // Each names the record that ticked it: the brief was opened for this opportunity.
  const shown = ticked.get("prepare_next")?.evidence?.id;
  check(shown === opportunity.id, `ticked by ${shown}`);
  return ticked.size;
}

/** Find a record while the word is still being typed. Returns what is marked in its text. */
export async function find(
  rebound: Rebound,
  fit: Schemas["CultureFitAssessment"],
): Promise<string> {
  const answer = await rebound.GET("/v1/search", { params: { query: { q: "nobod" } } });
  const hits = expect(answer, 200).items;
  const [hit] = hits;
  check(hit !== undefined && hits.length === 1, `${hits.length} records`);
  const named = [hit.collection, hit.id];
  check(isDeepStrictEqual(named, ["culture_fit_assessments", fit.id]), `found ${named}`);
  // Parts of plain text: an app shows those that are a hit in bold, and never needs HTML.
  const text = hit.snippet.map((part) => part.text).join("");
  check(fit.red_flags.includes(text), `it shows '${text}'`);
  const marked = hit.snippet.filter((part) => part.hit).map((part) => part.text);
  check(isDeepStrictEqual(marked, ["Nobody"]), `marked: ${marked}`);
  return marked.join();
}

/** What a phone schedules by itself, for there is no push. Returns what it will show. */
export async function planReminders(
  rebound: Rebound,
  opportunity: Opportunity,
): Promise<string> {
  const { items } = expect(await rebound.GET("/v1/reminders"), 200);
  const times = items.map(({ at }) => Date.parse(at));
  check(isDeepStrictEqual(times, times.toSorted((one, other) => one - other)), "the soonest first");
  const interview = items.find((item) => item.record_id === opportunity.id);
  check(interview?.collection === "opportunities", `it is one of ${interview?.collection}`);
  const text = interview.neutral_text;
  check(!text.includes(opportunity.company_name), `a locked screen would show '${text}'`);
  return text;
}

/** How far a goal is, counted from what one did. */
export async function seeProgress(
  rebound: Rebound,
  goal: Schemas["Goal"],
): Promise<Schemas["GoalProgress"]> {
  const overview = expect(await rebound.GET("/v1/insights/overview"), 200);
  const progress = overview.goals.find((one) => one.goal_id === goal.id);
  check(progress !== undefined, "the goal is not there");
  check(progress.achieved, `${progress.done} of ${progress.target}`);
  const counted = overview.activity.find((one) => one.metric === goal.metric)?.count;
  check(counted === progress.done, `${counted} in all, ${progress.done} for the goal`);
  return progress;
}
