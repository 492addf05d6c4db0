-- Every object that exists, as the log tells it: a fold kept for speed, rebuilt from the log at any time.
CREATE TABLE objects (
  stream   TEXT    NOT NULL PRIMARY KEY,
  kind     TEXT    NOT NULL,
  namespace TEXT   NOT NULL,
  name     TEXT    NOT NULL,
  version  INTEGER NOT NULL, -- events in its stream
  creations INTEGER NOT NULL, -- how often an object of this name was created
  children INTEGER NOT NULL, -- objects it ever controlled
  entity   TEXT    NOT NULL  -- JSON
) STRICT;
