"""The console: pages for the bank's own people."""
