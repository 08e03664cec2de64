-- title: Churn
-- description: The call sites that allocate and release the most often, and how long their blocks live.
-- set rows = 20: how many call sites
SELECT owner(process, site) AS function, place(process, site) AS place, released_allocations, released_bytes,
       median_lifetime / 1e6 AS median_lifetime_ms
FROM (SELECT process, site, count(*) AS released_allocations, CAST(sum(size) AS BIGINT) AS released_bytes,
             approx_quantile(lifetime, 0.5) AS median_lifetime
      FROM allocations
      WHERE end_time IS NOT NULL
      GROUP BY ALL)
ORDER BY released_allocations DESC
LIMIT ${rows}
