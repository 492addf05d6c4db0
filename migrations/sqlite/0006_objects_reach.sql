-- How far the log is told by `objects`: its rows are the objects as they were at the end of this event. At most one row, none as
-- long as nothing was saved. What stands behind it is folded by those who read the rows.
CREATE TABLE objects_reach (
  id  INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL
) STRICT;
