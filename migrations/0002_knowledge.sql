-- The owner's knowledge, if it is too large to be sent with every question. `voice-agent knowledge push` fills it.
--
-- A push adds what is new and marks what is gone, all for the next version, and makes that one current at the very end:
-- until then, questions are answered from what there was before. What was already there is not written again.

-- The version that questions are answered from; 0 if there is none yet. One row.
CREATE TABLE knowledge (
  version INTEGER NOT NULL
) STRICT;
INSERT INTO knowledge (version) VALUES (0);

-- A passage. Rows: one for each passage, and for those that are gone until the end of the push that removed them.
-- Size: the texts and as much again for their terms, usually 2 KB. Written: 4 rows for each new passage.
CREATE TABLE passages (
  number INTEGER PRIMARY KEY,      -- also that of its terms
  hash TEXT NOT NULL,              -- of all that follows here and of its terms
  id TEXT NOT NULL,                -- what answers name it by
  document TEXT NOT NULL,
  position INTEGER NOT NULL,       -- in the document
  path TEXT NOT NULL,              -- JSON of the headings
  text TEXT NOT NULL,
  url TEXT,
  title TEXT NOT NULL,
  added INTEGER NOT NULL,          -- the first version that has it
  removed INTEGER                  -- the first that does not
) STRICT;
CREATE INDEX passages_by_place ON passages (document, position);

-- What passages are found by: their terms, made by src/knowledge/terms.py and separated by spaces. The tokenizer only has
-- to split them.
CREATE VIRTUAL TABLE passage_terms USING fts5 (heading, above, body, tokenize = "ascii tokenchars '._'");

-- In how many passages each term is. It stores nothing itself.
CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab (passage_terms, row);
