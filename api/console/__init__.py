"""Staff pages: who may come in, what they see and do, and the trace of it."""
