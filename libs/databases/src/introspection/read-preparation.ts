import { type PreparedObject, preparedKinds, type RecordedStep, readRecord, recordTable } from '@dms/change';
import { dialectRules, qualifiedName } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';

interface RecordRow {
  readonly step: number;
  readonly later: string;
  readonly kind: string;
  readonly schema: string;
  readonly table: string | null;
  readonly name: string | null;
  readonly statement: string;
  readonly done: boolean;
}

const isKind = (kind: string): kind is PreparedObject['kind'] => (preparedKinds as readonly string[]).includes(kind);

function stepsOf(rows: readonly RecordRow[]): readonly RecordedStep[] {
  const steps = new Map<number, RecordedStep & { readonly objects: PreparedObject[] }>();
  for (const { step: number, later, kind, schema, table, name, statement, done: isDone } of rows) {
    if (!isKind(kind)) continue;
    const known = steps.get(number) ?? { number, later, statement, isDone, objects: [] };
    known.objects.push({ kind, schema, table, name });
    steps.set(number, known);
  }
  return [...steps.values()];
}

/** What `upgrade prepare` has recorded in a PostgreSQL database (design 12 §14.2); null if nothing. Throws the `DB_*` codes. */
export async function readPreparation(connection: Connection, limits: Limits = {}): Promise<readonly RecordedStep[] | null> {
  const table = dialectRules.pgsql.stringLiteral(qualifiedName(dialectRules.pgsql, recordTable));
  const [row] = await connection.query<{ exists: boolean }>(`SELECT to_regclass(${table}) IS NOT NULL AS exists`, [], limits);
  if (row?.exists !== true) return null;
  return stepsOf(await connection.query<RecordRow>(readRecord, [], limits));
}
