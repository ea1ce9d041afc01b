"""Pure decisions of check-in: frames, corrected time, presence, which session a scan belongs to."""
