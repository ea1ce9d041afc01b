"""Pure helpers used by many slices: time, ids, text, geography. Standard library first."""
