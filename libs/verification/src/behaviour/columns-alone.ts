import type { DocumentStampingTrigger } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { BehaviourSession } from './behaviour-session.ts';
import type { IdentityRows } from './derived-rows.ts';
import type { Failures } from './failures.ts';
import { nearIds, nearText, nearValues } from './near-values.ts';
import type { StampRules } from './stamp-rules.ts';
import type { MadeTable, TriggerRows } from './trigger-rows.ts';

/* R17: changes of one column of a row, one after the other, without a round trip between them. */

export interface ColumnContext {
  readonly session: BehaviourSession;
  readonly dialect: SqlDialect;
  readonly failures: Failures;
  readonly stamps: StampRules;
  readonly source: TriggerRows;
  readonly identities: IdentityRows;
  /** By the name of their table. */
  readonly stampings: ReadonlyMap<string, DocumentStampingTrigger>;
}

/**
 * Each column that an identity does not contain, changed by itself, removed and added again in the row of one document:
 * each statement stamps this document and no other.
 */
export async function columnsAlone(
  { session, failures, stampings, source }: ColumnContext,
  ids: readonly number[],
  made: MadeTable,
): Promise<void> {
  const { table } = made;
  const [, middle = 0] = ids;
  const projection = new Set<string>(stampings.get(qualified(table.table.table))?.identityProjectionColumns);
  const where = `${session.quote(table.documentColumn)} = ${middle}`;
  const changes = source
    .changeable(table)
    .filter(({ name }) => !projection.has(name))
    .flatMap((column) => {
      const empty = `UPDATE ${session.table(table.table.table)} SET ${session.quote(column.name)} = NULL WHERE ${where}`;
      const change = (what: string, statement: string) => ({ what: `${column.name} ${what}`, statement });
      return [
        change('changed', source.update(made, [column], [middle], 1)),
        ...(column.isNullable ? [change('removed', empty)] : []),
        change(column.isNullable ? 'added' : 'changed back', source.update(made, [column], [middle], 0)),
      ];
    });
  const versions = ids.map(
    (id) =>
      `(SELECT ${session.quote('ContentVersion')} FROM ${session.table(core.document)} WHERE ${session.quote('DocumentId')} = ${id})`,
  );
  const content = session.quote('ContentVersion');
  const nothing = `UPDATE ${session.table(core.document)} SET ${content} = ${content} WHERE 1 = 0`;
  const query = `SELECT CONCAT(${versions.join(", ' ', ")}) AS found`;
  const [before = '', ...found] = await session.following(
    [nothing, ...changes.map(({ statement }) => statement)],
    query,
  );
  let last = before.split(' ').map(Number);
  for (const [index, text] of found.entries()) {
    const now = text.split(' ').map(Number);
    const isRight = now.every((version, at) => (ids[at] === middle ? version > (last[at] ?? 0) : version === last[at]));
    if (!isRight)
      failures.add(
        'R17',
        `${qualified(table.table.table)}.${changes[index]?.what}`,
        `a new version after ${last.join(', ')} of document ${middle} alone`,
        now.join(', '),
      );
    last = now;
  }
}

/** A change of one column of a row to a value near the one before; the first of a column may be near to nothing. */
interface NearStep {
  readonly column: string;
  readonly isIdentity: boolean;
  readonly values: readonly (string | null)[];
  readonly index: number;
  readonly statement: string;
}

/**
 * The smallest changes of the columns that lead to the row of a document below its root, where a body compares them:
 * its own key, and that of the row that encloses it. They come after all others, which find the row by its key.
 */
function nearIdSteps(
  { session, stamps }: ColumnContext,
  { table, rows }: MadeTable,
  documentId: number,
): readonly NearStep[] {
  if (table.parent === null || stamps.stampsUnchangedRows) return [];
  const row = rows.find((each) => each.documentId === documentId);
  const columns = new Set<string>([...table.table.key.columns.map(({ name }) => name), ...table.parent.columns]);
  return [...columns]
    .filter((column) => column !== table.documentColumn)
    .flatMap((column) => {
      const update = (value: string | null) =>
        `UPDATE ${session.table(table.table.table)} SET ${session.quote(column)} = ${session.literal(value)} WHERE ${session.quote(table.documentColumn)} = ${documentId}`;
      const step = { column, isIdentity: false, values: nearIds };
      return [
        ...nearIds.map((value, index) => ({ ...step, index, statement: update(value) })),
        { ...step, index: 0, statement: update(row?.values.get(column) ?? null) },
      ];
    });
}

/**
 * The smallest changes of each value in the row of one document: each stamps the document and, where the value is part
 * of its identity, stamps that too and gives it other referential ids. Where every update stamps, only identities are
 * tried.
 */
export async function tryNearValues(context: ColumnContext, ids: readonly number[], made: MadeTable): Promise<void> {
  const { session, failures, stampings, stamps, dialect, source, identities } = context;
  const { table } = made;
  const [, middle = 0] = ids;
  const name = qualified(table.table.table);
  const projection = new Set<string>(stampings.get(name)?.identityProjectionColumns);
  const valueSteps = source
    .changeable(table)
    .filter((column) => projection.has(column.name) || !stamps.stampsUnchangedRows)
    .flatMap((column): readonly NearStep[] => {
      if (column.scalarType === null || column.kind !== 'Scalar') return [];
      const isIdentity = projection.has(column.name);
      const values = nearValues(column.scalarType, column.isNullable && !isIdentity, dialect);
      const where = `${session.quote(table.documentColumn)} = ${middle}`;
      const near = values.map((value, index) => ({
        column: column.name,
        isIdentity,
        values,
        index,
        statement: `UPDATE ${session.table(table.table.table)} SET ${session.quote(column.name)} = ${session.literal(value)} WHERE ${where}`,
      }));
      // members of an abstract resource share its key, so the value does not stay in this row
      const own = source.update(made, [column], [middle], 1);
      return [...near, { column: column.name, isIdentity, values, index: 0, statement: own }];
    });
  const steps = [...valueSteps, ...nearIdSteps(context, made, middle)];
  const statements = steps.map(({ statement }) => statement);
  const document = session.quote('DocumentId');
  const versions = ['ContentVersion', 'IdentityVersion'].map((column) => session.quote(column));
  // most tables have no part of an identity, and need no more than the versions
  const read = [...versions, ...(projection.size > 0 ? identities.keptOf(session, middle) : [])].join(", ' ', ");
  const query = `SELECT CONCAT(${read}) AS found FROM ${session.table(core.document)} WHERE ${document} = ${middle}`;
  const found = (await session.following(statements, query)).map((text) => text.split(' '));
  for (const [index, step] of steps.entries()) {
    if (step.index === 0) continue;
    const [[content, identity, ...others] = [], [before, identityBefore, ...othersBefore] = []] = [
      found[index],
      found[index - 1],
    ];
    const isStamped = Number(content) > Number(before) && Number(identity) > Number(identityBefore) === step.isIdentity;
    const isHashed = !step.isIdentity || others.every((each, at) => each === '' || each !== othersBefore[at]);
    if (!isStamped || !isHashed)
      failures.add(
        'R17',
        `${name}.${step.column}`,
        `${nearText(step.values, step.index)}${step.isIdentity ? ', with other referential ids' : ''}`,
        `${found[index - 1]?.join(' ')}, then ${found[index]?.join(' ')}`,
      );
  }
}
