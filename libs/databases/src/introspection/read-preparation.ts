import type { Connection, Limits } from '../connection/connection.ts';
import { type RecordedStep, recordStatements } from './preparation-record.ts';
import { type PreparedObject, preparedKinds } from './prepared-objects.ts';

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

/** What `upgrade prepare` has recorded in a database (design 12 §14.2); null if nothing. Throws the `DB_*` codes. */
export async function readPreparation(
  connection: Connection,
  limits: Limits = {},
): Promise<readonly RecordedStep[] | null> {
  const { exists, read } = recordStatements[connection.dialect];
  const [row] = await connection.query<{ found: number }>(exists, [], limits);
  if (row?.found !== 1) return null;
  return stepsOf(await connection.query<RecordRow>(read, [], limits));
}
