"""Files that people attach: photos and PDFs, kept in the database, given out as downloads."""
