"""What happens by itself as days pass: a friendly word to who is newly overdue."""
