"""What stands in for the outside world on one machine: a telephone and a sample portfolio.

Nothing here is part of the product, nothing of the product imports it, and it refuses to run in
production. It talks to the product only as the world would: over HTTP.
"""
