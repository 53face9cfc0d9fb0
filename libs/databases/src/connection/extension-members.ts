/** A condition of PostgreSQL: whether no extension owns the object `alias` of a system catalog. */
export const notOfExtension = (catalog: string, alias: string): string =>
  `NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${alias}.oid AND e.deptype = 'e')`;
