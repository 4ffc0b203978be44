"""Persons, their card accounts, what is past due, and who may be spoken to."""
