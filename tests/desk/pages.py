"""The desk as a browser sees it: a page's form, filled as it stands, to be changed and sent."""

from html.parser import HTMLParser

from django.urls import reverse


class _Form(HTMLParser):
    """The named, enabled fields of the form with that id."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id = form_id
        self.fields = {}
        self.inside = False
        self.area = self.select = None

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "form":
            self.inside = at.get("id") == self.form_id
        name = at.get("name")
        if tag == "option" and self.select and "selected" in at:
            self.fields.setdefault(self.select, []).append(at.get("value", ""))
        if not self.inside or not name or "disabled" in at:
            return
        if tag == "textarea":
            self.area = name
            self.fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "input" and (at.get("type") not in {"checkbox", "radio", "submit"} or "checked" in at):
            self.fields[name] = at.get("value", "on" if at.get("type") == "checkbox" else "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data


def form_of(response, form_id):
    """What a browser would send if nothing were touched; line ends as browsers send them."""
    form = _Form(form_id)
    form.feed(response.content.decode())
    return {
        name: value.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in form.fields.items()
    }


def desk(page, *args):
    """`desk("articles_article_change", 7)` is an address of the desk."""
    return reverse(f"admin:{page}", args=args)


def open_article(client, article):
    """The article's form, as it stands."""
    return form_of(client.get(desk("articles_article_change", article.pk)), "article_form")


def save_article(client, article, sent):
    return client.post(desk("articles_article_change", article.pk), sent, follow=True)


def act(client, page, action, *rows, **more):
    """A bulk action on `rows` of a list."""
    sent = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0, **more}
    return client.post(desk(page), sent, follow=True)


def told(response):
    """The messages on the page."""
    return " / ".join(str(message) for message in response.context["messages"])
