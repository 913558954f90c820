"""Work behind the pages: django-tasks' queue in the database, and what that lacks: retries, a beat, a reaper.

A task may be begun twice, when its worker was killed in the middle or was taken for dead: each writes its effect in
one transaction, with a row locked that says whether it is done.
"""
