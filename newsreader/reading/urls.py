"""Readers' pages: the library, an article and its highlights, the notebook, tags, the bin, search."""

app_name = "reading"
urlpatterns: list[object] = []
