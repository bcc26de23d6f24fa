"""What training tells people, and when. ``drafts`` says what is due; ``compose`` says it in words when it is sent."""
