/* Which rows of the hierarchy and of the organizations decide about each other (design 09 §7.6). */

/** How an engine names the closure of the parents and the pairs that are stored. */
export interface PairNames {
  /** The closure, as a table. */
  readonly closure: string;
  /** Its columns. */
  readonly above: string;
  readonly below: string;
  /** The table of the hierarchy, and its columns. */
  readonly table: string;
  readonly source: string;
  readonly target: string;
}

/**
 * Whether a pair of the closure `c` or of the table `t`, which the other lacks, is undecided. A superfluous pair of two
 * existing organizations is: the child may have lost its parent. A missing pair is, unless other pairs are witnesses:
 * an organization lacks the pair with itself, so pairs were lost; the pair follows from two others; or a pair that
 * follows from this one is there.
 */
export function isUndecidedPair({ closure, above, below, table, source, target }: PairNames): string {
  const isOrganization = (column: string) => `${column} IN (SELECT o.${below} FROM ${closure} AS o)`;
  const isStored = (one: string, other: string) =>
    `EXISTS (SELECT 1 FROM ${table} AS s WHERE s.${source} = ${one} AND s.${target} = ${other})`;
  const from = `c.${above}`;
  const to = `c.${below}`;
  const follows = `EXISTS (SELECT 1 FROM ${table} AS s INNER JOIN ${table} AS r ON r.${source} = s.${target} WHERE s.${source} = ${from} AND r.${target} = ${to} AND s.${target} <> ${from} AND s.${target} <> ${to})`;
  const count = (column: string) => `(SELECT COUNT(*) FROM ${closure} AS n WHERE n.${below} = ${column})`;
  // all other organizations above the child are above the parent, too, so their pairs follow from this one
  const isOnlyWay = `${count(to)} = ${count(from)} + 1`;
  const further = `EXISTS (SELECT 1 FROM ${closure} AS m INNER JOIN ${table} AS s ON s.${source} = m.${above} AND s.${target} = ${to} WHERE m.${below} = ${from} AND m.${above} <> ${from})`;
  const isLost = [`t.${source} IS NULL`, `${from} <> ${to}`, isStored(from, from), isStored(to, to)];
  return [
    `(${from} IS NULL AND ${isOrganization(`t.${source}`)} AND ${isOrganization(`t.${target}`)})`,
    `(${isLost.join(' AND ')} AND NOT ${follows} AND NOT (${isOnlyWay} AND ${further}))`,
  ].join(' OR ');
}
