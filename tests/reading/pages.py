"""A page as a browser's parser sees it: elements with their attributes and the text inside of them."""

from html.parser import HTMLParser

VOID = set("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905 reads better


class Element:
    """An element; `children` are elements and strings."""

    def __init__(self, tag, attributes):
        self.tag, self.at, self.children = tag, attributes, []

    @property
    def text(self):
        """As textContent gives it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag=None, **at):
        """Those inside with that tag and these attributes; True asks for any value, `class_` for one of the classes."""
        return [one for one in self.walk() if one is not self and one.fits(tag, at)]

    def fits(self, tag, at):
        if tag and self.tag != tag:
            return False
        for name, value in at.items():
            if name == "class_":
                if value not in (self.at.get("class") or "").split():
                    return False
                continue
            here = self.at.get(name.replace("_", "-"))
            if here is None or (value is not True and here != value):
                return False
        return True

    def one(self, tag=None, **at):
        found = self.all(tag, **at)
        assert len(found) == 1, (tag, at, len(found))
        return found[0]

    def fields(self):
        """What a browser would send of this form; line ends as browsers send them."""
        sent = {}
        for one in self.all(name=True):
            if one.tag == "textarea":
                sent[one.at["name"]] = one.text.removeprefix("\n")
            elif one.tag == "input" and (one.at.get("type") not in {"radio", "checkbox"} or "checked" in one.at):
                sent[one.at["name"]] = one.at.get("value", "on")
        return {name: value.replace("\n", "\r\n") for name, value in sent.items()}


class _Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attributes):
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if any(one.tag == tag for one in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        self.open[-1].children.append(data)


def parsed(response, status=200):
    """The page or fragment of a response with that status."""
    assert response.status_code == status, (response.status_code, response.content[:300])
    parser = _Parser()
    parser.feed(response.content.decode().replace("\r\n", "\n"))  # as HTML's own rules have it
    return parser.root
