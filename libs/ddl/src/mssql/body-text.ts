import { type ColumnDefinition, changeVersionSequence } from '@dms/catalog';
import { authTable } from '@dms/inventory';
import type { ScalarType } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';

const rules = dialectRules.mssql;

export const q = (name: string) => rules.quote(name);
export const literal = (text: string) => rules.stringLiteral(text);
export const qualified = (name: { readonly schema: string; readonly name: string }) => qualifiedName(rules, name);

export const documentTable = qualified({ schema: 'dms', name: 'Document' });
export const hierarchyTable = qualified(authTable);
export const nextVersion = `NEXT VALUE FOR ${qualified(changeVersionSequence)}`;

const binaryCollation = 'COLLATE Latin1_General_100_BIN2';

/**
 * Null-safe inequality. Strings are compared binary and by length: a change of case or of a trailing blank counts, whatever
 * the collation of the database (design 07 §8.2 rule 4).
 */
export function isDistinct(a: string, b: string, type: ScalarType | null): string {
  const differs =
    type?.kind === 'String'
      ? `${a} ${binaryCollation} <> ${b} ${binaryCollation} OR DATALENGTH(${a}) <> DATALENGTH(${b})`
      : `${a} <> ${b}`;
  return `(${differs} OR (${a} IS NULL AND ${b} IS NOT NULL) OR (${a} IS NOT NULL AND ${b} IS NULL))`;
}

/** Some of the columns differ between the aliases `a` and `b`. */
export function anyDistinct(columns: readonly ColumnDefinition[], a: string, b: string): string {
  return columns.map(({ name, scalarType }) => isDistinct(`${a}.${q(name)}`, `${b}.${q(name)}`, scalarType)).join(' OR ');
}

/** The items, each in a line of its own. */
export const separated = (head: string, items: readonly string[], separator: string, end = '') =>
  items.map((item, index) => `${index === 0 ? head : '    '}${item}${index < items.length - 1 ? separator : end}`);

/** The columns with a flag in a table variable of documents. A single one needs none: its document is only listed when it changed. */
export const flagged = (columns: readonly ColumnDefinition[]) => (columns.length === 1 ? [] : columns);

/** A table variable of document ids, with a flag per column that may have changed: a CTE lives for one statement only. */
export function documentSet(name: string, columns: readonly ColumnDefinition[] = []): string {
  const flags = flagged(columns).map((column) => `${q(column.name)} bit NOT NULL DEFAULT 0`);
  return `DECLARE ${name} TABLE (${[`${q('DocumentId')} bigint NOT NULL`, ...flags].join(', ')});`;
}

/** Body of a trigger; nothing happens for a statement that touched no row. */
export function bodyLines(...statements: readonly (readonly string[])[]): string[] {
  return ['BEGIN', '    SET NOCOUNT ON;', ...statements.flat().map((line) => `    ${line}`), 'END;'];
}

/**
 * Fills `@documents` with the ids of inserted rows, or of updated rows whose projection really changed, and leaves when there
 * are none. The flags of `columns` are left 0.
 */
export function collectChangedDocuments(
  projection: readonly ColumnDefinition[],
  columns: readonly ColumnDefinition[] = [],
): string[] {
  return [
    documentSet('@documents', columns),
    'IF NOT EXISTS (SELECT 1 FROM deleted)',
    `    INSERT INTO @documents (${q('DocumentId')})`,
    `    SELECT i.${q('DocumentId')} FROM inserted AS i;`,
    'ELSE',
    `    INSERT INTO @documents (${q('DocumentId')})`,
    `    SELECT i.${q('DocumentId')}`,
    '    FROM inserted AS i',
    `    INNER JOIN deleted AS d ON d.${q('DocumentId')} = i.${q('DocumentId')}`,
    `    WHERE ${anyDistinct(projection, 'd', 'i')};`,
    'IF NOT EXISTS (SELECT 1 FROM @documents) RETURN;',
  ];
}
