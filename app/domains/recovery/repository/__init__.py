"""The statements on plans, steps and check-ins."""
