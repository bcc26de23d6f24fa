"""Documents to read on screen and on paper: one list of blocks, rendered as a page part and as an accessible PDF."""
