-- title: Blocks that another thread releases
-- description: Where blocks are allocated by one thread and released by another, which costs allocators dearly.
-- set rows = 20: how many pairs of call sites
SELECT owner(process, site) AS allocated_by, owner(process, release_site) AS released_by, allocations, bytes, threads,
       release_threads
FROM (SELECT process, site, release_site, count(*) AS allocations, CAST(sum(size) AS BIGINT) AS bytes,
             count(DISTINCT thread) AS threads, count(DISTINCT release_thread) AS release_threads
      FROM allocations
      WHERE end_time IS NOT NULL AND thread <> release_thread
      GROUP BY ALL)
ORDER BY allocations DESC
LIMIT ${rows}
