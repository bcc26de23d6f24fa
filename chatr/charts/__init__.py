"""Bar charts and trend lines as inline pictures, each with the sentence and the table that say the same."""
