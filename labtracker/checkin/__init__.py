"""Check-in: the phone pack, the event intake, and attendance."""
