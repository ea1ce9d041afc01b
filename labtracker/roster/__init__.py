"""Workers, enrollments, roster imports and badges."""
