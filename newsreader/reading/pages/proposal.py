"""What an article's page says of proposing it: only to whose own copy it is."""

from dataclasses import dataclass

from newsreader.accounts.someone import Someone
from newsreader.articles.models import Article
from newsreader.articles.proposed import LONGEST_WORD, Proposal


@dataclass(frozen=True, slots=True)
class Proposed:
    """What templates/reading/_proposal.html shows; `proposal` is None where nothing was proposed."""

    proposal: Proposal | None
    longest: int = LONGEST_WORD

    @property
    def state(self) -> str:
        return self.proposal.state if self.proposal else ""

    @property
    def result(self) -> Article | None:
        """The library's article, as long as readers can open it."""
        made = self.proposal.result if self.proposal else None
        return made if made and made.state == Article.State.PUBLISHED else None


def proposal_of(article: Article, user: Someone) -> Proposed | None:
    """None where there is nothing to propose: it isn't the reader's own, or its text isn't here yet."""
    if not user.is_authenticated or article.owner_id != user.pk or not article.text:
        return None
    found = Proposal.objects.filter(article=article).select_related("result").defer("result__text", "result__html")
    return Proposed(found.first())
