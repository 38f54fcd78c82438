"""Chapters of the month's story. Each takes tabs of the people who work it, and the facts."""
