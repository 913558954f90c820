"""Readers' pages: the library, an article and its highlights, the notebook, tags, the bin, search."""

from django.urls import path, register_converter

from newsreader.reading.converters import SlugConverter
from newsreader.reading.views import (
    article,
    changed,
    collections,
    highlights,
    history,
    importing,
    installed,
    leaving,
    library,
    notebook,
    pictures,
    proposals,
    saved,
    search,
    tags,
)
from newsreader.reading.views.facets import facets
from newsreader.reading.views.feeds import feed
from newsreader.reading.views.keys import keys
from newsreader.reading.views.suggestions import suggest
from newsreader.reading.views.undoing import undo

register_converter(SlugConverter, "uslug")

app_name = "reading"
urlpatterns = [
    path("", library.library, name="library"),
    path("library/state/", library.states, name="states"),
    path("library/undo/", library.undo_states, name="undo-states"),
    path("import/", importing.imports, name="import"),
    path("import/<int:run>/", importing.run, name="import-run"),
    path("import/<int:run>/progress/", importing.progress, name="import-progress"),
    path("import/<int:run>/start/", importing.start, name="start-import"),
    path("import/<int:run>/undo/", importing.undo, name="undo-import"),
    path("articles/<uslug:slug>/", article.article, name="article"),
    path("articles/<uslug:slug>/history/", history.history, name="history"),
    path("articles/<uslug:slug>/highlights/", highlights.create, name="create-highlight"),
    path("articles/<uslug:slug>/state/", library.state, name="state"),
    path("articles/<uslug:slug>/position/", library.position, name="position"),
    path("articles/<uslug:slug>/pictures/", pictures.pictures, name="pictures"),
    path("articles/<uslug:slug>/proposal/", proposals.proposal, name="proposal"),
    path("highlights/<slug:public_id>/", highlights.highlight, name="highlight"),
    path("highlights/<slug:public_id>/delete/", highlights.delete, name="delete-highlight"),
    path("highlights/<slug:public_id>/restore/", highlights.restore, name="restore-highlight"),
    path("highlights/<slug:public_id>/accept/", changed.accept, name="accept-change"),
    path("highlights/<slug:public_id>/undo-move/", changed.undo_move, name="undo-move"),
    path("highlights/<slug:public_id>/words/", changed.words, name="words"),
    path("collections/<uslug:slug>/", collections.collection, name="collection"),
    path("collections/<uslug:slug>/feed/", collections.feed, name="collection-feed"),
    path("collections/<uslug:slug>/print/", collections.printed, name="print-collection"),
    path("notebook/", notebook.notebook, name="notebook"),
    path("notebook/export/", notebook.export, name="export"),
    path("notebook/print/", notebook.printed, name="print-notebook"),
    path("notebook/preview/", notebook.preview, name="preview"),
    path("notebook/passages/<slug:public_id>/", notebook.passage, name="passage"),
    path("bin/", notebook.bin, name="bin"),
    path("undo/", undo, name="undo"),
    path("tags/", tags.tags, name="tags"),
    path("tags/merge/", tags.merge, name="merge-tags"),
    path("tags/<int:pk>/rename/", tags.rename, name="rename-tag"),
    path("tags/<int:pk>/delete/", tags.delete, name="delete-tag"),
    path("tags/<int:pk>/restore/", tags.restore, name="restore-tag"),
    path("search/", search.search, name="search"),
    path("search/found/", search.found, name="found"),
    path("search/facets/", facets, name="facets"),
    path("search/saved/", saved.saved, name="saved"),
    path("search/saved/pinned/", saved.pinned, name="pinned"),
    path("search/saved/<int:search>/rename/", saved.rename, name="rename-search"),
    path("search/saved/<int:search>/move/", saved.move, name="move-search"),
    path("search/saved/<int:search>/pin/", saved.pin, name="pin-search"),
    path("search/saved/<int:search>/feed/", saved.renew, name="renew-search"),
    path("search/saved/<int:search>/delete/", saved.delete, name="delete-search"),
    path("search/saved/<int:search>/restore/", saved.restore, name="restore-search"),
    path("feeds/<str:secret>/", feed, name="feed"),
    path("search/suggestions/", suggest, name="suggestions"),
    path("keys/", keys, name="keys"),
    path("accounts/data/", leaving.own_data, name="own-data"),
    path("accounts/leave/", leaving.leave, name="leave"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("sw.js", installed.worker, name="worker"),
    path("offline/", installed.offline, name="offline"),
    path("robots.txt", installed.robots, name="robots"),
]
