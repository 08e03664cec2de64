-- title: Leaks by call site
-- description: The call sites whose blocks are mostly still live at the end, and since when they have come.
-- set kept = 0.5: the share of its blocks that a call site must have kept
-- set rows = 20: how many call sites
SELECT function, place, live_bytes, live_allocations, released_allocations,
       oldest / 1e9 AS oldest_seconds, youngest / 1e9 AS youngest_seconds
FROM leaks()
WHERE live_allocations >= ${kept} * (live_allocations + released_allocations)
ORDER BY live_bytes DESC
LIMIT ${rows}
