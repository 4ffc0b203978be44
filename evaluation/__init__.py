"""How well the assistant understands: sets of sentences, scores, a report (``make evaluate``)."""
