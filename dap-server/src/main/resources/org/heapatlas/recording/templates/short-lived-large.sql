-- title: Large blocks that live shortly
-- description: The call sites whose large blocks are released soon: what a buffer that is kept would save.
-- set size = 65536: the least size in bytes
-- set lifetime = 10ms: the longest lifetime
-- set rows = 20: how many call sites
SELECT owner(process, site) AS function, place(process, site) AS place, allocations, bytes, largest,
       mean_lifetime / 1e6 AS mean_lifetime_ms
FROM (SELECT process, site, count(*) AS allocations, CAST(sum(size) AS BIGINT) AS bytes, max(size) AS largest,
             avg(lifetime) AS mean_lifetime
      FROM allocations
      WHERE size >= ${size} AND lifetime <= ${lifetime}
      GROUP BY ALL)
ORDER BY bytes DESC
LIMIT ${rows}
