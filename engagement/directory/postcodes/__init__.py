"""Reading files of postcodes: our own CSV, the ONS Postcode Directory, OS Code-Point Open. Nothing here is written."""
