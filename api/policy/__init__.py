"""Law, industry code and the bank's own policy as dated, cited data. No figure lives in code."""
