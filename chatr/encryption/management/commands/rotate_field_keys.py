from django.core.management.base import BaseCommand, CommandError

from chatr.encryption.fields import CannotDecrypt
from chatr.encryption.operations import CannotRotate, encrypted_fields, rotate, rotations_elsewhere


class Command(BaseCommand):
    help = "Encrypts every encrypted field again under the newest of FIELD_KEYS. After it, older keys can be removed."

    def handle(self, *args, **options):
        try:
            for field in encrypted_fields():
                self.stdout.write(f"{field.model._meta.label}.{field.name}: {rotate(field)} values rotated")
            for name, rotate_all in rotations_elsewhere.items():
                self.stdout.write(f"{name}: {rotate_all()} values rotated")
        except (CannotDecrypt, CannotRotate) as refusal:
            raise CommandError(str(refusal)) from None
