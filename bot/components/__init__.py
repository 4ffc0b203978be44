"""Our own Rasa components; everything with rules of language is in ``grammar`` (no Rasa there)."""
