"""Anhuan's public edge and system of record."""
