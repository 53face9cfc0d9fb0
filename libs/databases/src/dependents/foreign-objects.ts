import type { SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';
import { pgsqlDependents, pgsqlHolders } from './pgsql-dependents.ts';

/** An object whose dependents are asked for, and what happens to it. */
export interface AskedObject {
  readonly how: 'drop' | 'retype' | 'rename' | 'rewrite' | 'update' | 'delete';
  readonly kind: 'schema' | 'function' | 'relation' | 'column' | 'constraint' | 'index' | 'trigger';
  readonly schema: string;
  readonly table: string | null;
  readonly name: string | null;
}

/** A name that something else may hold: in a schema, or in a table. */
export interface AskedName {
  readonly space: 'relation' | 'type' | 'function' | 'column' | 'constraint';
  readonly schema: string;
  readonly table: string | null;
  readonly name: string;
  readonly parameters: number | null;
}

/** An object of a database. */
export interface FoundObject {
  /** The position of the question that it answers. */
  readonly number: number;
  /** As the server names them: `view`, `"my views".names`. */
  readonly type: string;
  readonly identity: string;
  /** `relation`, `column`, `constraint`, `index`, `trigger`, `function`; null for any other kind. */
  readonly kind: string | null;
  readonly schema: string | null;
  readonly table: string | null;
  /** The name of a part of a table; `name/parameters` of a function. */
  readonly name: string | null;
}

/** What depends on objects, and what the server removes with them without being asked. */
export interface Dependents {
  readonly standing: readonly FoundObject[];
  readonly going: readonly FoundObject[];
}

interface Row extends FoundObject {
  readonly finding: 'depends' | 'goes' | 'holds';
}

/** SQL Server is not asked: nobody has tried there what stands in the way of what. */
const queries: Readonly<Record<SqlDialect, { readonly dependents: string; readonly holders: string } | null>> = {
  pgsql: { dependents: pgsqlDependents, holders: pgsqlHolders },
  mssql: null,
};

const numbered = (list: readonly object[]) => JSON.stringify(list.map((each, number) => ({ number, ...each })));

const withoutFinding = ({ finding: _, ...object }: Row): FoundObject => object;

/**
 * The objects of a database that depend on others, those of the schema set included. The marked reporting views, which
 * an upgrade makes anew, are left out. Throws the `DB_*` codes.
 */
export async function dependentsOf(
  connection: Connection,
  objects: readonly AskedObject[],
  limits: Limits = {},
): Promise<Dependents> {
  const query = queries[connection.dialect]?.dependents;
  if (query === undefined || objects.length === 0) return { standing: [], going: [] };
  const asked = objects.map(({ how, kind, schema, table, name }) => ({ how, kind, schema, table, name }));
  const rows = await connection.query<Row>(query, [numbered(asked)], limits);
  const of = (finding: Row['finding']) => rows.filter((row) => row.finding === finding).map(withoutFinding);
  return { standing: of('depends'), going: of('goes') };
}

/** The objects of a database that hold names, those of the schema set included. Throws the `DB_*` codes. */
export async function holdersOf(
  connection: Connection,
  names: readonly AskedName[],
  limits: Limits = {},
): Promise<readonly FoundObject[]> {
  const query = queries[connection.dialect]?.holders;
  if (query === undefined || names.length === 0) return [];
  const asked = names.map(({ space, schema, table, name, parameters }) => ({ space, schema, table, name, parameters }));
  return (await connection.query<Row>(query, [numbered(asked)], limits)).map(withoutFinding);
}
