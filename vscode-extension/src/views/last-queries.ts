// The queries that were asked last, the newest first. Pure.
const MOST = 20;

export function queriesAfter(last: readonly string[], sql: string): readonly string[] {
  return [sql, ...last.filter((each) => each !== sql)].slice(0, MOST);
}
