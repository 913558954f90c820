"""What Django's forms ask of curators' words before they are saved."""

from django.core.exceptions import ValidationError

from newsreader.core.prose import Unreadable, render_note
from newsreader.language import worded


def renderable(markdown: str) -> None:
    """Refuses Markdown that would not be shown, with the reason."""
    try:
        render_note(markdown)
    except Unreadable as error:
        raise ValidationError(worded(error)) from error
