"""A name for an account that browsers keep things under: it tells nothing, and tells accounts apart."""

from django.utils.crypto import salted_hmac

from newsreader.accounts.someone import Someone

VISITOR = "visitor"


def alias(user: Someone) -> str:
    """The same for the same account, on every device and after every sign-in; all visitors share one."""
    if not user.is_authenticated:
        return VISITOR
    return salted_hmac("newsreader.accounts.alias", str(user.pk), algorithm="sha256").hexdigest()[:24]
