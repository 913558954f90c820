"""`{% module "js/app.js" %}`: a module with all that it imports, asked for at once instead of one after the other."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from newsreader.storage import modules

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=16)
def module(entry: str, after: str = "") -> SafeString:
    """The script element and the preloads before it, without what `after` has preloaded already."""
    there = {after, *modules(after)} if after else set()
    preloads = [(static(name),) for name in modules(entry) if name not in there]
    # Pages are read without script: what they look like comes first.
    links = format_html_join("\n", '<link rel="modulepreload" href="{}" fetchpriority="low">', preloads)
    return format_html('{}\n<script type="module" src="{}"></script>', links, static(entry))
