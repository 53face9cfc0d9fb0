import { changeVersionSequence } from '@dms/catalog';
import {
  type AbstractIdentityTrigger,
  type AuthHierarchyTrigger,
  authTable,
  type DocumentStampingTrigger,
  type ReferentialIdentityTrigger,
} from '@dms/inventory';
import { dialectRules, qualifiedName } from '@dms/sql';

const rules = dialectRules.pgsql;

export const q = (name: string) => rules.quote(name);
export const literal = (text: string) => rules.stringLiteral(text);
export const qualified = (name: { readonly schema: string; readonly name: string }) => qualifiedName(rules, name);

export const documentTable = qualified({ schema: 'dms', name: 'Document' });
export const hierarchyTable = qualified(authTable);
export const nextVersion = `nextval(${literal(qualified(changeVersionSequence))})`;

/** `OLD.x IS DISTINCT FROM NEW.x OR …` over stored columns (design 07 §8.2 rule 4). */
export function anyDistinct(columns: readonly string[]): string {
  return columns.map((column) => `OLD.${q(column)} IS DISTINCT FROM NEW.${q(column)}`).join(' OR ');
}

/** Lines of a PL/pgSQL body; every body ends by returning NULL, whose value no AFTER trigger uses. */
export function bodyLines(...statements: readonly (readonly string[])[]): string[] {
  return ['BEGIN', ...statements.flat().map((line) => `    ${line}`), '    RETURN NULL;', 'END'];
}

/** Leaves the body early when an UPDATE changed nothing that counts. */
export function skipUnchanged(columns: readonly string[]): string[] {
  return [
    "IF TG_OP = 'UPDATE' THEN",
    `    IF NOT (${anyDistinct(columns)}) THEN`,
    '        RETURN NULL;',
    '    END IF;',
    'END IF;',
  ];
}

export type PgsqlTrigger =
  | DocumentStampingTrigger
  | ReferentialIdentityTrigger
  | AbstractIdentityTrigger
  | AuthHierarchyTrigger;
