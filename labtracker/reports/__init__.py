"""One file per report: its columns, its query, its definition in words."""
