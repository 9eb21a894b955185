"""Looking back in order to go on: reflections, lessons, skill gaps and culture fit.

Invariants:
- A skill gap's name is unique per person whatever the case; the rejections that name it are a set.
- A lesson comes from one record at most; where and when it was applied is known only while it is.
- `alignment_percent` of a culture-fit assessment is computed on write by a documented formula; its
  conclusion is the person's own word, and follows from the alignment only where they said none.
- Prompts ask how and what next, never why me; they begin with a check-in, end with a cue and an
  action, and fit into the time that was given.

States: `ReflectionRecorded|Updated|Deleted`, `LessonCaptured|Updated|Applied|Deleted`,
`SkillGapOpened|Updated|Closed|Deleted`, `CultureFitRecorded|Updated|Deleted`. A record that is made
in the status which such a fact names states both facts, `Captured` and then `Applied`.
"""
