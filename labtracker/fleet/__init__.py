"""What goes out and who goes with it: tow vehicles, licences, skills, leave, closures, equipment."""
