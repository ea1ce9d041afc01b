"""Calendar feeds (iCalendar, RFC 5545): secret addresses that calendar programs read by themselves."""
