"""Words that tell a publisher's name from a headline's last clause, and a person's from a phrase."""

from __future__ import annotations

import re

_PRESS = """
    agency bbc blog broadcasting bulletin cbc chronicle cnn courier daily dispatch echo english
    express financial fm gazette guardian herald independent international journal magazine mail
    media mirror monitor network news newspaper npr observer online pbs post press radio reader
    record register report reporter reuters review sky standard star sun telegraph times today
    tribune tv weekly wire world anzeiger blatt kurier nachrichten presse rundfunk spiegel tagblatt
    zeitung figaro libération monde journaux gaceta mundo país periódico corriere gazzetta
    repubblica stampa
"""
_SMALL = """
    of the and for in on at to a an de la le les du des der die das und von el los las y il lo di do
    da het van &
"""
_KINDS = """
    live video analysis opinion explained interview updates update photos pictures podcast obituary
    part episode chapter how why what who when where is are was will can and but or it here this
    that
"""
_JOINTS = """
    and und et y e & de del della di da la le van der den von zu zum bin ibn al el in for
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


PRESS = _words(_PRESS)
"""What papers and stations are called, and headlines' own last clauses hardly ever are."""
SMALL = _words(_SMALL)
"""What stays without a capital inside a name in title case."""
KINDS = _words(_KINDS)
"""A tail that begins so says what kind of piece it is, or goes on talking."""
JOINTS = _words(_JOINTS)
"""What stands without a capital between the names of a byline."""
