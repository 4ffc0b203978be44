"""The assistant: what it understands, says and asks the API to do."""
