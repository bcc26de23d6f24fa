"""Every change to training, each in one transaction with its audit event and its messages."""
