import { changeVersionSequence, type DesiredColumn } from '@dms/catalog';
import { authTable } from '@dms/inventory';
import type { ScalarType } from '@dms/relational-model';
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
export function anyDistinct(columns: readonly DesiredColumn[], a: string, b: string): string {
  return columns.map(({ name, scalarType }) => isDistinct(`${a}.${q(name)}`, `${b}.${q(name)}`, scalarType)).join(' OR ');
}

/** A table variable of document ids: a CTE lives for one statement only. */
export const documentSet = (name: string) => `DECLARE ${name} TABLE (${q('DocumentId')} bigint NOT NULL);`;

/** Body of a trigger; nothing happens for a statement that touched no row. */
export function bodyLines(...statements: readonly (readonly string[])[]): string[] {
  return ['BEGIN', '    SET NOCOUNT ON;', ...statements.flat().map((line) => `    ${line}`), 'END;'];
}

/**
 * Fills `@documents` with the ids of inserted rows, or of updated rows whose projection really changed, and leaves when there
 * are none.
 */
export function collectChangedDocuments(
  projection: readonly DesiredColumn[],
  declaration: string = documentSet('@documents'),
): string[] {
  return [
    declaration,
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
