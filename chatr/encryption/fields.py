"""A text field that is encrypted in the database, for special category data."""

from cryptography.fernet import InvalidToken
from django.core.exceptions import FieldError
from django.db import models

from .keys import every_key


class CannotDecrypt(Exception):
    """None of FIELD_KEYS opens a stored value: a key was removed before ``manage.py rotate_field_keys`` was run."""


class EncryptedTextField(models.TextField):
    """Text stored under the newest of FIELD_KEYS. It can be null or blank, but nothing can search or filter it.

    Blank text is stored as it is: there is nothing to hide in it.
    """

    description = "Encrypted text"

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return every_key().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value, expression, connection):
        """:raises CannotDecrypt: when no key fits"""
        if not value:
            return value
        try:
            return every_key().decrypt(value.encode()).decode()
        except InvalidToken:
            raise CannotDecrypt(
                f"No key in FIELD_KEYS decrypts {self.model._meta.label}.{self.name}. "
                "Put back the key it was written with, then run manage.py rotate_field_keys."
            ) from None

    def get_lookup(self, lookup_name):
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted: it can be asked whether it is null, and nothing else.")

    def get_transform(self, lookup_name):
        raise FieldError(f"{self.name} is encrypted: it can be asked whether it is null, and nothing else.")
