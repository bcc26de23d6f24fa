"""What copies and letters say: plain cleared items in, a document out. Nothing here asks the database."""
