"""Reading from streaming replicas of PostgreSQL, where DATABASE_REPLICA_URLS names some.

What a request reads comes from one replica, chosen when it begins: `watch` knows which are near enough to the primary.
What somebody has just written they read at once, on every web process and machine: the answer to a request that
wrote carries the primary's position in its log as a cookie, and a replica is asked only when it has passed that.
Everything else is the primary's: requests that may write, transactions, commands, and all of it while no replica can
be used. Raw SQL that only reads goes through `connection_for_reads()`.
"""

from newsreader.replicas.router import connection_for_reads

__all__ = ["connection_for_reads"]
