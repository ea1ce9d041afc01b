"""The web edge shared by every slice: errors, headers, navigation, language."""
