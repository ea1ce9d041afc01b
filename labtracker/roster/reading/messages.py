"""What fields, and the codes of files, columns and rows, say to people. None repeats what it refuses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from labtracker.errors import DomainError

FIELD_WORDS = {
    "full_name": _l("Whole name"),
    "given_name": _l("First name"),
    "middle_name": _l("Middle name"),
    "family_name": _l("Last name"),
    "second_family_name": _l("Second last name"),
    "suffix": _l("Suffix (Jr., III)"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "employee_number": _l("Employee number"),
    "hired_on": _l("Hire date"),
    "job_title": _l("Job title"),
    "language": _l("Language"),
}
_ROW_MESSAGES = {
    "name_missing": _l("This row has no name."),
    "name_formula": _l("A name cannot be a formula or begin with = + - or @."),
    "name_without_letters": _l("A name needs at least one letter; pictures alone are not a name."),
    "name_characters": _l("This name has signs that no name has, such as < or @."),
    "name_too_long": _l("A name can have at most 80 letters."),
    "name_digits": _l("There is a number in this name. Is it right?"),
    "single_name": _l("There is only one name here. Is it complete?"),
    "email_invalid": _l("This is not an e-mail address."),
    "phone_invalid": _l("This is not a telephone number we can use."),
    "number_invalid": _l("This employee number has signs that we cannot keep."),
    "number_too_long": _l("An employee number can have at most 40 characters."),
    "date_invalid": _l("This is not a date."),
    "date_impossible": _l("This day does not exist in any calendar."),
    "date_incomplete": _l("This date lacks its day."),
    "date_implausible": _l("This date is too long ago to be a hire date."),
    "date_ambiguous": _l("Day or month first? Both are possible here."),
    "date_in_future": _l("This hire date lies in the future. Is it right?"),
    "formula_removed": _l("A formula stood here. Formulas are not read; the cell counts as empty."),
    "ssn_removed": _l("This looks like a Social Security number. It was removed and not kept."),
    "duplicate_in_file": _l("The same person as in row %(row)s."),
    "conflict_in_file": _l("Row %(row)s seems to be the same person with other details."),
    "near_in_file": _l("Row %(row)s may be the same person. Two people, or one?"),
    "name_differs": _l("%(name)s has the same e-mail address or employee number. The same person?"),
    "several_known": _l("More than one worker you have fits this row."),
    "near_match": _l("You already have %(name)s. The same person?"),
    "left_before": _l("%(name)s was put away (archived). The same person?"),
}

_NOTICES = {
    "ssn_removed": _l(
        "The column “%(column)s” held Social Security numbers. It was dropped: we never keep them."
    ),
    "birth_date_removed": _l(
        "The column “%(column)s” held birth dates. It was dropped: we do not need them."
    ),
    "release_ignored": _l(
        "The column “%(column)s” was not used: a worker's release is recorded by a trainer who hears it."
    ),
    "column_ignored": _l("The column “%(column)s” was not kept: this program has no use for it."),
    "other_sheets": _l("Only the sheet “%(sheet)s” was read. There may be people on: %(others)s."),
    "totals_skipped": _l("Row %(row)s is a line of totals and was left out."),
    "aside_skipped": _l("Row %(row)s is a heading or a note, not a person, and was left out."),
    "no_header": _l("There is no line of headings; the columns were recognized by what is in them."),
    "date_order": _l("Some hire dates can be read in two ways. Choose below whether day or month is first."),
    "no_name_column": _l("No column with names was recognized. Choose it below."),
}

_FILE_MESSAGES = {
    "nothing_chosen": _l("Choose a spreadsheet, or paste its cells."),
    "empty": _l("The file is empty."),
    "too_big": _l("The file is larger than 10 MB. A roster is much smaller; is it the right file?"),
    "picture": _l("This is a picture. Send the spreadsheet itself: CSV or XLSX."),
    "pdf": _l("This is a PDF. Send the spreadsheet it was made from: CSV or XLSX."),
    "old_excel": _l(
        "This is an old or a locked Excel file. Open it, take the password off, and save it as XLSX or CSV."
    ),
    "other_office": _l("This is another kind of office file. Save it as XLSX or CSV and send that."),
    "archive": _l("This is an archive (zip or the like). Unpack it and send the spreadsheet in it."),
    "web_page": _l("This is a web page that calls itself a spreadsheet. Open it and save it as XLSX or CSV."),
    "bomb": _l("This workbook would unpack to far more than any roster needs. It was not opened."),
    "damaged": _l("This workbook is damaged and cannot be read. Open it, save it again and send that."),
    "too_slow": _l("This workbook took too much time or memory. Save it as CSV and send that."),
    "busy": _l("Several workbooks are being read just now. Please send yours again in a minute."),
    "not_text": _l("This is not a spreadsheet: CSV or XLSX is needed."),
    "too_many_rows": _l("There are more than 20,000 rows. Send the people of one cohort at a time."),
    "too_many_columns": _l(
        "There are more than 200 columns. Send only those with names, phone, e-mail, hire date."
    ),
    "too_much_text": _l(
        "There is far more text in this file than a roster has. Send only names, phone, e-mail, hire date."
    ),
    "no_table": _l("No rows with people were found in this file."),
    "no_name_column": _l(
        "No column with names was found. Found: %(headings)s. Call the right one “Name” and send it again."
    ),
    "no_such_sheet": _l("There is no sheet of that name."),
}


class RosterFileError(DomainError):
    """A file cannot be a roster; ``code`` says why, ``details`` fill the message."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, str(_FILE_MESSAGES[code]) % details, field="file", **details)


def problem_message(code: str, **details: Any) -> str:
    """What a row's problem says."""
    return str(_ROW_MESSAGES[code]) % details


def notice_message(code: str, **details: Any) -> str:
    """What a notice about the whole file says."""
    return str(_NOTICES[code]) % details
