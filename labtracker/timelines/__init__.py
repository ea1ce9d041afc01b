"""One worker's timeline: every fact about them, from every slice, in the order in which it happened."""
