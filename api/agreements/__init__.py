"""From a person's situation to a signed agreement that stands on record."""
