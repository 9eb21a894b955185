"""Recovery: plans, steps, check-ins and next actions; the workflow engine.

Recording a rejection starts a plan from a template. Events of other rooms tick its steps, a pause
keeps it quiet at first, next actions offer a few things at a time, and two guards look after the
person: one against dwelling, one for support.

Invariants:
- At most one active plan for each rejection, at most 30 steps in each plan.
- An active plan is completed by the engine with its last open step.
- A step keeps what ticked it (`evidence`), so that undoing the event reopens exactly that step.
- Nothing here alerts anyone, and `support_wanted` is never stored.

States: `RecoveryPlanStarted`, `RecoveryPlanCompleted`, `RecoveryPlanAbandoned`,
`RecoveryPlanReopened`, `RecoveryStepCompleted`, `RecoveryStepSkipped`, `RecoveryStepReopened`,
`CheckInRecorded`, `CheckInUpdated`, `CheckInDeleted`.
"""
