"""The planner: pure functions from (debts, situation, policy on a day) to offers. No clock, no records."""
