"""Who reads here."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person with an account: a reader, who may also be a curator (staff) or the operator (superuser)."""

    class Meta(AbstractUser.Meta):
        verbose_name = "reader"
        verbose_name_plural = "readers"

    @property
    def name(self) -> str:
        """What to call them on a page."""
        return self.get_full_name() or self.username
