"""Pure decisions about rosters and badges."""
