-- title: Top growth between two instants
-- description: The call sites whose live bytes grew the most from one instant to another.
-- set from = begin: the first instant, such as 2s
-- set to = end: the second instant
-- set rows = 20: how many call sites
SELECT function, place, grown_bytes, grown_allocations, bytes_before, bytes_after
FROM growth(${from}, ${to})
WHERE grown_bytes > 0
ORDER BY grown_bytes DESC
LIMIT ${rows}
