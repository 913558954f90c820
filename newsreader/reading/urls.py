"""Readers' pages: the library, an article and its highlights, the notebook, tags, the bin, search."""

from django.urls import path, register_converter

from newsreader.reading.converters import SlugConverter
from newsreader.reading.views import article, changed, highlights, history, library, notebook, search, tags

register_converter(SlugConverter, "uslug")

app_name = "reading"
urlpatterns = [
    path("", library.library, name="library"),
    path("articles/<uslug:slug>/", article.article, name="article"),
    path("articles/<uslug:slug>/history/", history.history, name="history"),
    path("articles/<uslug:slug>/highlights/", highlights.create, name="create-highlight"),
    path("articles/<uslug:slug>/state/", library.state, name="state"),
    path("articles/<uslug:slug>/position/", library.position, name="position"),
    path("highlights/<slug:public_id>/", highlights.highlight, name="highlight"),
    path("highlights/<slug:public_id>/delete/", highlights.delete, name="delete-highlight"),
    path("highlights/<slug:public_id>/restore/", highlights.restore, name="restore-highlight"),
    path("highlights/<slug:public_id>/accept/", changed.accept, name="accept-change"),
    path("highlights/<slug:public_id>/undo-move/", changed.undo_move, name="undo-move"),
    path("highlights/<slug:public_id>/words/", changed.words, name="words"),
    path("notebook/", notebook.notebook, name="notebook"),
    path("bin/", notebook.bin, name="bin"),
    path("tags/", tags.tags, name="tags"),
    path("tags/merge/", tags.merge, name="merge-tags"),
    path("tags/<int:pk>/rename/", tags.rename, name="rename-tag"),
    path("tags/<int:pk>/delete/", tags.delete, name="delete-tag"),
    path("tags/<int:pk>/restore/", tags.restore, name="restore-tag"),
    path("search/", search.search, name="search"),
]
