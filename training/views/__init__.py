"""The pages of training, one room for each thing a person comes to do."""
