"""The directory as a spreadsheet: one row a service, in plain words.

``vocabulary`` turns codes into words and back, ``cells`` and ``places`` one cell at a time; ``columns`` says which
cell holds what of an entry; ``rows`` reads a row; ``plan`` compares a file with what is there and says what importing
it would do. ``operations.sheets`` does it. Described for people in docs/directory-csv.md.
"""
