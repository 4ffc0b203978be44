"""What the bank's own systems are told: notices written with what happened, signed, sent until acknowledged."""
