"""What a reader proposes of their own shelf: by that alone the desk learns of it, and until they withdraw it."""

import pytest
from django.contrib import admin

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article, Proposal, Source
from newsreader.articles.proposals import NotNow, propose, withdraw
from newsreader.articles.services import remove
from newsreader.desk import journal, proposals
from newsreader.desk.models import Deed, Entry
from tests.desk.pages import desk
from tests.factories import PASSWORD, make_article, mark

pytestmark = pytest.mark.django_db

TITLE, TEXT, NOTE = "Zyzzyva migration", "xylophonetext", "jabberwockynote"


@pytest.fixture
def own(ada):
    article = make_article(
        TITLE, f"<p>Of {TEXT} alone.</p>", owner=ada, source="Weevil Gazette", address="https://weevil.example/1"
    )
    mark(article, ada, TEXT, note=NOTE, tags=["weevils"])
    return article


@pytest.fixture
def proposal(own, ada):
    return propose(own, reader=ada, word="Our readers like insects.")


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


def page(name, proposal):
    return desk(f"articles_proposal_{name}", proposal.pk)


def everywhere(client, own):
    """What the desk says wherever it lists, counts, searches or opens articles."""
    listed = desk("articles_article_changelist")
    sent = {"app_label": "articles", "model_name": "collectionitem", "field_name": "article", "term": "zyz"}
    asked = [
        (listed, {}),
        (listed, {"q": TEXT}),
        (listed, {"state__exact": "published"}),
        (listed, {"q": "source:weevil"}),
        (desk("articles_source_changelist"), {}),
        (desk("autocomplete"), sent),
        (desk("index"), {}),
        (desk("articles_proposal_changelist"), {}),
        (desk("articles_article_export"), {"format": "csv"}),
        (desk("desk_entry_changelist"), {}),
        (desk("annotations_highlight_changelist"), {}),
        (own.get_absolute_url(), {}),
        (f"/search/?q={TEXT}", {}),
    ]
    for address, data in asked:
        answer = client.get(address, data)
        body = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
        yield address, body.lower().replace(f'value="{TEXT}"', "")


def test_without_a_proposal_no_curator_opens_lists_searches_counts_or_publishes_a_reader_s_copy(curator, own, cleo):
    make_article("In the library")
    for address, said in everywhere(curator, own):
        assert "zyzzyva" not in said, address
        assert "weevil gazette" not in said, address
    for name in ("change", "history", "delete"):
        assert curator.get(desk(f"articles_article_{name}", own.pk)).status_code == 404
    assert curator.post(desk("publish_draft", own.pk)).status_code == 404
    unsaid = Proposal(article=own, pk=1)
    for name in ("change", "read"):
        assert curator.get(page(name, unsaid)).status_code == 404
    for name in ("publish", "decline"):
        assert curator.post(page(name, unsaid), {"seen": own.content_hash}).status_code == 404
    with pytest.raises(proposals.Gone):
        proposals.publish(unsaid, by=cleo, seen=own.content_hash)
    assert Article.objects.filter(owner=None).count() == 1


def test_a_curator_reads_what_is_proposed_and_nothing_else_of_its_reader_s(curator, proposal, own):
    listed = curator.get(desk("articles_proposal_changelist"))
    assert TITLE in listed.text
    assert "Our readers like insects." in listed.text
    front = curator.get(desk("index"))
    assert "Proposed by readers" in front.text
    assert TITLE in front.text
    looked = curator.get(page("change", proposal))
    assert "<bdi>Ada</bdi> proposed it" in looked.text
    assert "Weevil Gazette" in looked.text
    read = curator.get(page("read", proposal))
    assert TEXT in read.text
    assert "<mark" not in read.text
    assert "script-src 'none'" in read["Content-Security-Policy"]
    for answer in (listed, front, looked, read):
        assert NOTE not in answer.text
        assert "weevils" not in answer.text.replace("weevil.example", "")
    others = [
        said for address, said in everywhere(curator, own) if "proposal" not in address and address != desk("index")
    ]
    assert not [said for said in others if "zyzzyva" in said]


def test_to_publish_makes_an_article_of_the_library_and_leaves_the_reader_s_copy_as_it_is(
    curator, proposal, own, ada, client
):
    Article.objects.filter(pk=own.pk).update(picture="https://img.example.org/weevil.jpg", picture_text="A weevil")
    told = curator.post(page("publish", proposal), {"seen": own.content_hash}, follow=True)
    assert f"Published: “{TITLE}”." in told.text
    made = Article.objects.get(owner=None)
    assert (made.state, made.title, made.html, made.address) == ("published", TITLE, own.html, own.address)
    assert (made.picture, made.picture_text, made.released) == ("https://img.example.org/weevil.jpg", "A weevil", 1)
    assert list(made.sources.all()) == list(own.sources.all())
    assert TEXT in client.get(made.get_absolute_url()).text
    assert not made.highlights.exists()
    own.refresh_from_db()
    assert own.owner == ada
    assert own.highlights.get().note == NOTE
    entry = Entry.objects.get(deed=Deed.PUBLISHED)
    assert entry.rows == [made.pk]
    assert "ada" not in f"{entry.about} {entry.told}".lower().split()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.result) == ("published", made)
    assert curator.get(page("change", proposal)).status_code == 404


def test_an_undo_takes_the_new_article_away_and_the_proposal_waits_again(curator, proposal, own):
    curator.post(page("publish", proposal), {"seen": own.content_hash})
    entry = Entry.objects.get(deed=Deed.PUBLISHED)
    answer = curator.post(desk("desk_entry_undo", entry.pk), follow=True)
    assert "are as before" in answer.text
    assert not Article.objects.filter(owner=None).exists()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided, proposal.result) == ("open", None, None)
    assert Source.objects.get(name="Weevil Gazette").private
    curator.post(page("publish", proposal), {"seen": own.content_hash})
    assert Article.objects.filter(owner=None).count() == 1


def test_an_undo_leaves_an_article_in_which_somebody_has_marked_something_and_the_proposal_with_it(
    proposal, own, ben, cleo
):
    done = proposals.publish(proposal, by=cleo, seen=own.content_hash)
    mark(done.article, ben, TEXT)
    back = journal.undo(done.entry, by=cleo)
    assert (back.back, back.left) == (0, 2)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.result) == ("published", done.article)
    assert Highlight.objects.filter(reader=ben).exists()


def test_of_two_readers_who_saved_one_address_the_other_one_s_copy_is_left_alone(proposal, own, ben, cleo):
    other = make_article(TITLE, own.html, owner=ben, address=own.address)
    done = proposals.publish(proposal, by=cleo, seen=own.content_hash)
    other.refresh_from_db()
    assert other.owner == ben
    assert done.article.pk not in {own.pk, other.pk}


def test_what_was_declined_is_its_reader_s_alone_again_who_finds_the_word_and_may_propose_it_anew(
    curator, proposal, own, ada, signed_in
):
    curator.post(page("decline", proposal), {"answer": "We have <enough> weevils."})
    assert curator.get(page("read", proposal)).status_code == 404
    entry = Entry.objects.get(deed=Deed.DECLINED)
    assert "zyzzyva" not in f"{entry.about} {entry.told} {entry.ways}".lower()
    reader = signed_in(ada)
    there = reader.get(own.get_absolute_url())
    assert "We have &lt;enough&gt; weevils." in there.text
    assert "Propose it again" in there.text
    curator.post(desk("desk_entry_undo", entry.pk))
    assert curator.get(page("read", proposal)).status_code == 200
    curator.post(page("decline", proposal), {"answer": ""})
    reader.post(f"{own.get_absolute_url()}proposal/", {"word": "But these are rare."})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.word, proposal.answer) == ("open", "But these are rare.", "")


def test_an_undo_of_a_no_opens_nothing_that_its_reader_has_withdrawn_since(proposal, own, ada, cleo):
    entry = proposals.decline(proposal, by=cleo)
    withdraw(own, reader=ada)
    assert journal.undo(entry, by=cleo).back == 0
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("how", ["withdrawn", "off the shelf"])
def test_what_its_reader_withdraws_or_takes_off_their_shelf_is_gone_from_the_desk(
    curator, proposal, own, signed_in, how
):
    if how == "withdrawn":
        answer = signed_in(own.owner).post(f"{own.get_absolute_url()}proposal/", {"withdraw": "true"})
        assert (answer.status_code, answer["Location"]) == (303, f"{own.get_absolute_url()}#proposal")
    else:
        remove([own.pk], reader=own.owner)
    for name in ("change", "read"):
        assert curator.get(page(name, proposal)).status_code == 404
    assert curator.post(page("publish", proposal), {"seen": own.content_hash}).status_code == 404
    assert "zyzzyva" not in curator.get(desk("index")).text.lower()
    assert not Article.objects.filter(owner=None).exists()


def test_a_text_that_changed_since_it_was_looked_at_is_looked_at_again(curator, proposal, own):
    answer = curator.post(page("publish", proposal), {"seen": "another"}, follow=True)
    assert "The text has changed since you looked at it." in answer.text
    assert not Article.objects.filter(owner=None).exists()


def test_a_curator_is_told_of_what_the_library_has_from_the_same_address(curator, proposal, own):
    make_article("Weevils, the first time", address=own.address, source="")
    assert "Weevils, the first time" in curator.get(page("change", proposal)).text


def test_nobody_proposes_what_is_not_theirs_or_has_no_text_yet(own, article, ada, ben, signed_in):
    for reader, one in ((ben, own), (ada, article)):
        assert signed_in(reader).post(f"{one.get_absolute_url()}proposal/").status_code == 404
        with pytest.raises(NotNow):
            propose(one, reader=reader)
    empty = make_article("On its way", "", owner=ada, source="")
    assert 'id="proposal"' not in signed_in(ada).get(empty.get_absolute_url()).text
    answer = signed_in(ada).post(f"{empty.get_absolute_url()}proposal/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Its text is not here yet." in answer.text
    assert not Proposal.objects.exists()


def test_what_is_in_the_library_already_is_not_proposed_again_and_its_reader_finds_the_way_there(
    proposal, own, ada, cleo, signed_in
):
    done = proposals.publish(proposal, by=cleo, seen=own.content_hash)
    page = signed_in(ada).get(own.get_absolute_url())
    assert f'href="{done.article.get_absolute_url()}"' in page.text
    with pytest.raises(NotNow):
        propose(own, reader=ada)
    withdraw(own, reader=ada)
    assert Proposal.objects.filter(result=done.article).exists()


def test_the_page_of_an_own_copy_offers_it_and_htmx_gets_the_part(own, ada, signed_in):
    reader = signed_in(ada)
    assert "Propose to the library" in reader.get(own.get_absolute_url()).text
    answer = reader.post(f"{own.get_absolute_url()}proposal/", {"word": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section class="proposal" id="proposal"')
    assert "Withdraw the proposal" in answer.text


def test_nobody_adds_or_deletes_a_proposal_at_the_desk(operator, rf):
    asked = rf.get("/")
    asked.user = operator
    pages = admin.site.get_model_admin(Proposal)
    assert not pages.has_add_permission(asked)
    assert not pages.has_delete_permission(asked)


def test_whoever_leaves_takes_their_proposal_along_and_what_was_published_stays(proposal, own, ada, cleo, signed_in):
    done = proposals.publish(proposal, by=cleo, seen=own.content_hash)
    data = b"".join(signed_in(ada).get("/accounts/data/").streaming_content).decode()
    assert "Our readers like insects." in data
    assert signed_in(ada).post("/accounts/leave/", {"current": PASSWORD}).status_code == 303
    assert not Proposal.objects.exists()
    assert not Article.objects.filter(pk=own.pk).exists()
    assert Article.objects.filter(pk=done.article.pk).exists()
