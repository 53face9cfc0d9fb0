import type { ColumnDefinition } from '@dms/catalog';
import { authTable } from '@dms/inventory';
import { core, type ScalarType } from '@dms/model';
import { dialectRules, type QualifiedName, qualifiedName } from '@dms/sql';
import { enclosed, indented, listed } from '../statement-lines.ts';

const rules = dialectRules.mssql;

export const q = (name: string) => rules.quote(name);
export const literal = (text: string) => rules.stringLiteral(text);
export const qualified = (name: QualifiedName) => qualifiedName(rules, name);

export const documentTable = qualified(core.document);
export const descriptorTable = qualified(core.descriptor);
export const hierarchyTable = qualified(authTable);
export const nextVersion = `NEXT VALUE FOR ${qualified(core.changeVersionSequence)}`;

const binaryCollation = 'COLLATE Latin1_General_100_BIN2';

/** Two expressions of the same type; the type is absent for document ids. */
interface Compared {
  readonly old: string;
  readonly now: string;
  readonly type: ScalarType | null;
}

/**
 * The expressions with which two values of a type are compared. Strings are compared binary and by length: a change of
 * case or of a trailing blank counts, independent of the collation of the database (design 07 §8.2 rule 4).
 */
export const comparedColumn = (value: string, type: ScalarType | null) =>
  type?.kind === 'String' ? [`${value} ${binaryCollation}`, `DATALENGTH(${value})`] : [value];

/** The null-safe condition that at least one of the pairs differs, one column per line. */
export function differs(pairs: readonly Compared[]): string[] {
  const [old, now] = (['old', 'now'] as const).map((side) =>
    pairs.flatMap((pair) => comparedColumn(pair[side], pair.type)),
  );
  if (old?.length === 1) return [`EXISTS (SELECT ${old[0]} EXCEPT SELECT ${now?.[0]})`];
  const select = (columns: readonly string[] = []) => ['SELECT', ...indented(listed(columns))];
  return ['EXISTS (', ...indented([...select(old), 'EXCEPT', ...select(now)]), ')'];
}

/** The condition that at least one of the columns differs between the aliases `old` and `now`. */
export function changed(columns: readonly ColumnDefinition[], old: string, now: string): string[] {
  return differs(
    columns.map(({ name, scalarType: type }) => ({ old: `${old}.${q(name)}`, now: `${now}.${q(name)}`, type })),
  );
}

/** Joins conditions, of one or more lines each, with OR. */
export const anyOf = (conditions: readonly (readonly string[])[]) =>
  conditions.flatMap((condition, index) => (index === 0 ? condition : indented(enclosed('OR ', condition))));

/**
 * The columns that need a flag in a table variable of documents. A single column needs no flag: its document is listed
 * only if it changed.
 */
export const flagged = (columns: readonly ColumnDefinition[]) => (columns.length === 1 ? [] : columns);

/**
 * A table variable of document ids, in whose order documents are written, with a flag per column that may have changed.
 * A CTE would exist for one statement only (design 07 §8.2 rule 5).
 */
export function documentSet(name: string, columns: readonly ColumnDefinition[] = []): string[] {
  const flags = flagged(columns).map((column) => `${q(column.name)} bit NOT NULL DEFAULT 0`);
  return tableVariable(name, [`${q('DocumentId')} bigint NOT NULL PRIMARY KEY`, ...flags]);
}

export const tableVariable = (name: string, parts: readonly string[]) =>
  parts.length === 1
    ? [`DECLARE ${name} TABLE (${parts[0]});`]
    : [`DECLARE ${name} TABLE (`, ...indented(listed(parts)), ');'];

/**
 * Joins the table `alias` to the rows of the preceding table variable, by key and in the order of these rows: a set
 * that the optimizer estimates as one row must not lead to a scan, and rows are always locked in the same order (design
 * 07 §8.2 rule 5).
 */
export const byKey = (table: string, alias: string, column: string, value: string) =>
  `INNER LOOP JOIN ${table} AS ${alias} WITH (FORCESEEK) ON ${alias}.${q(column)} = ${value}`;

/** Returns if the preceding INSERT found nothing. */
export const leaveWhenEmpty = 'IF @@ROWCOUNT = 0 RETURN;';

/** Body of a trigger. */
export function bodyLines(...statements: readonly (readonly string[])[]): string[] {
  return ['BEGIN', ...indented(['SET NOCOUNT ON;', ...statements.flat()]), 'END;'];
}

/**
 * Returns from an update that does not write any of the columns; a cascade counts as writing its columns (design 16
 * §6.2). The columns must be stored: UPDATE() refuses others.
 */
export const leaveUnwritten = (columns: readonly string[]): string[] => [
  ...enclosed(
    'IF EXISTS (SELECT 1 FROM deleted) AND EXISTS (SELECT 1 FROM inserted) AND NOT (',
    columns.map((name, index) => `${index === 0 ? '' : '    OR '}UPDATE(${q(name)})`),
    ')',
  ),
  '    RETURN;',
];

/** Joins the old and new images of the trigger's rows; a row that moved to another document is left out. */
export const images = ['FROM inserted AS i', `INNER JOIN deleted AS d ON d.${q('DocumentId')} = i.${q('DocumentId')}`];

/** Like `images`, with the new images of rows that moved to another document: their old images are NULL. */
export const imagesWithMoved = [
  'FROM inserted AS i',
  `LEFT JOIN deleted AS d ON d.${q('DocumentId')} = i.${q('DocumentId')}`,
];

/**
 * Fills `@documents` with the ids of inserted rows, or of updated rows whose projection really changed, and returns if
 * there are none. `joined` joins the images. The flags of `columns` stay 0.
 */
export function collectChangedDocuments(
  projection: readonly ColumnDefinition[],
  joined: readonly string[],
  columns: readonly ColumnDefinition[] = [],
): string[] {
  const insert = [`INSERT INTO @documents (${q('DocumentId')})`, `SELECT i.${q('DocumentId')}`];
  return [
    ...documentSet('@documents', columns),
    'IF NOT EXISTS (SELECT 1 FROM deleted)',
    ...indented([...insert, 'FROM inserted AS i;']),
    'ELSE',
    ...indented([...insert, ...joined, ...enclosed('WHERE ', changed(projection, 'd', 'i'), ';')]),
    leaveWhenEmpty,
  ];
}
