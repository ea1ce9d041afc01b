"""From a spreadsheet as an employer has it to rows of facts about workers.

``read_sheets`` makes any file into sheets of text, ``find_table`` finds the roster in them and drops what may
never be kept, ``guess_columns`` recognises the columns and ``read_rows`` reads the people. Nothing in here
knows the database.
"""
