"""The search for passages in D1: one statement, in which FTS5 ranks them by BM25."""

# ruff: noqa: S608 - the statement is made of constants

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from knowledge.bm25 import ABOVE, HEADING, TEXT
from knowledge.passages import Passage

if TYPE_CHECKING:
    from collections.abc import Mapping

# How many passages are sent with a question; and of how many of these the one before and the one after.
MAX_PASSAGES, WITH_NEIGHBOURS = 5, 2
# How many passages are ranked, each as often as it has a term, the rarest terms first. Common ones tell
# little, and to rank 10,000 passages by ten of them took 0.4 s.
MAX_RANKED = 1500

# Materialized, because FTS5 cannot rank within a statement that SQLite has merged with another.
_ARM = f"""
  arm{{at}} AS MATERIALIZED (
    SELECT rowid AS number, -{{weight:g}} * bm25(passage_terms, {HEADING:g}, {ABOVE:g}, {TEXT:g}) AS score
    FROM passage_terms
    WHERE passage_terms MATCH coalesce((SELECT phrases FROM telling WHERE weight = {{weight:g}}), '""')
  ),
"""
_NOTHING = "SELECT 0 AS number, 0 AS score WHERE 0"
_SEARCH = f"""
WITH
  wanted AS MATERIALIZED (
    SELECT w.key AS term, w.value AS weight, v.doc AS passages
    FROM json_each(?1 -> 'weights') AS w CROSS JOIN passage_vocabulary AS v ON v.term = w.key
  ),
  telling AS MATERIALIZED (
    SELECT weight, group_concat('"' || term || '"', ' OR ') AS phrases
    FROM (SELECT *, sum(passages) OVER (ORDER BY passages, term) AS ranked FROM wanted)
    WHERE ranked <= {MAX_RANKED} GROUP BY weight
  ),
  {{arms}}
  visible AS NOT MATERIALIZED (
    SELECT p.* FROM passages AS p, knowledge AS k
    WHERE p.added <= k.version AND (p.removed IS NULL OR p.removed > k.version)
  ),
  best AS MATERIALIZED (
    SELECT v.number, v.document, v.position,
      row_number() OVER (ORDER BY sum(s.score) DESC, v.number) AS rank
    FROM ({{scores}}) AS s CROSS JOIN visible AS v ON v.number = s.number
    GROUP BY v.number ORDER BY rank LIMIT {MAX_PASSAGES}
  ),
  chosen AS MATERIALIZED (
    SELECT v.* FROM (
      SELECT number FROM best
      UNION SELECT n.number FROM best AS b JOIN passages AS n
        ON n.document = b.document AND n.position BETWEEN b.position - 1 AND b.position + 1
        WHERE b.rank <= {WITH_NEIGHBOURS}
    ) AS c CROSS JOIN visible AS v ON v.number = c.number
  )
SELECT k.version, c.id, c.path, c.text, c.url, c.title
FROM knowledge AS k LEFT JOIN chosen AS c ORDER BY c.document, c.position
"""


def search(weights: Mapping[str, float]) -> str:
    """The statement that finds what the terms in `weights` fit best. Its field is `weights`.

    Its rows are in the order of the documents. Each has the `version` of the knowledge; the other columns are
    NULL in a single row if nothing is found.
    """
    distinct = sorted(set(weights.values()))
    arms = "".join(_ARM.format(at=at, weight=weight) for at, weight in enumerate(distinct))
    scores = " UNION ALL ".join(f"SELECT * FROM arm{at}" for at in range(len(distinct)))
    return _SEARCH.format(arms=arms, scores=scores or _NOTHING)


def passage_of(row: Mapping[str, Any]) -> Passage:
    """The passage in a row of the search."""
    return Passage(row["id"], tuple(json.loads(row["path"])), row["text"], row["url"], row["title"])
