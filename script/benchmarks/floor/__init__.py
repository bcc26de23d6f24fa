"""The least a Django project can do of the portal's work: courses to read, a place to book, an e-mail, an audit row."""
