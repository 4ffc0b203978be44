"""What every room needs and nothing that knows of debt: money, clock, errors, records, callers."""
