"""Conversations: what comes in, what was said, where one stands, and the assistant's only door."""
