"""Everything that reaches a person leaves through here: holds, the gate, the outbox."""
