"""A seeded population lives through its plans, month by month: ours, and three plain policies.

``make simulate`` runs it; docs/simulation.md says what came out and what it rests on. Money is integer
fen throughout; only probabilities and the statistics of the report are floating-point numbers.
"""
