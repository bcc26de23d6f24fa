"""The training programme as a spreadsheet: one row a date, rows with the same run reference together.

``rows`` reads cells and says in plain words what is wrong with a row; ``plan`` compares whole good runs with what is
there and says what would happen; ``training.operations.programme`` does it.
"""
