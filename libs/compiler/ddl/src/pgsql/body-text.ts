import { authTable } from '@dms/inventory';
import { core } from '@dms/model';
import { dialectRules, type QualifiedName, qualifiedName } from '@dms/sql';
import { enclosed, indented, listed } from '../statement-lines.ts';

const rules = dialectRules.pgsql;

export const q = (name: string) => rules.quote(name);
export const literal = (text: string) => rules.stringLiteral(text);
export const qualified = (name: QualifiedName) => qualifiedName(rules, name);

export const documentTable = qualified(core.document);
export const descriptorTable = qualified(core.descriptor);
export const hierarchyTable = qualified(authTable);
export const nextVersion = `pg_catalog.nextval(${literal(qualified(core.changeVersionSequence))})`;

/** The transition tables of the old and new rows of a statement, under the names that the triggers use. */
type TransitionTable = 'new_rows' | 'old_rows' | 'newtab' | 'oldtab';

/** Selects columns of a transition table. */
export function selectFrom(table: TransitionTable, columns: readonly string[], select = 'SELECT'): string[] {
  const alias = table.startsWith('new') ? 'n' : 'o';
  const items = columns.map((column) => `${alias}.${q(column)}`);
  if (items.length === 1) return [`${select} ${items[0]} FROM ${table} AS ${alias}`];
  return [select, ...indented(listed(items)), `FROM ${table} AS ${alias}`];
}

/**
 * A FROM clause with the rows of one image that the other lacks, as a source named `c`. The images are compared as
 * multisets, never joined: a join would keep the plan of the first statement of the session, even for another size
 * (design 07 §8.2 rules 3, 13).
 */
export function changedRows(columns: readonly string[], [one, other]: readonly [TransitionTable, TransitionTable]) {
  return ['FROM (', ...indented([...selectFrom(one, columns), 'EXCEPT ALL', ...selectFrom(other, columns)]), ') AS c'];
}

/** Assigns an array made by a query. */
export const assignArray = (variable: string, query: readonly string[]) => [
  `${variable} := ARRAY(`,
  ...indented(query),
  ');',
];

/** A branch for each event, in the order INSERT, UPDATE, DELETE; without IF if there is only one. */
export function perEvent(branches: readonly (readonly [event: string, lines: readonly string[]])[]): string[] {
  const [only, ...others] = branches;
  if (only && others.length === 0) return [...only[1]];
  return [
    ...branches.flatMap(([event, lines], index) => {
      const isLast = index === branches.length - 1;
      const head = isLast ? 'ELSE' : `${index === 0 ? 'IF' : 'ELSIF'} TG_OP = ${literal(event)} THEN`;
      return [head, ...indented(lines)];
    }),
    'END IF;',
  ];
}

export const leaveWhen = (condition: string) => [`IF ${condition} THEN`, '    RETURN NULL;', 'END IF;'];

/** The condition that none of the columns differs between the old and the new row; NULL equals NULL. */
export const isUnchanged = (columns: readonly string[]): string[] =>
  columns.map(
    (column, index) => `${index === 0 ? '' : '    AND '}OLD.${q(column)} IS NOT DISTINCT FROM NEW.${q(column)}`,
  );

/** For a trigger on INSERT and UPDATE: returns if an update changed none of the columns of the row. */
export const leaveUnchanged = (columns: readonly string[]): string[] => [
  "IF TG_OP = 'UPDATE' THEN",
  ...indented([...enclosed('IF ', isUnchanged(columns), ' THEN'), '    RETURN NULL;', 'END IF;']),
  'END IF;',
];

/** A PL/pgSQL body. It returns NULL, because AFTER triggers ignore the value. */
export function bodyLines(declarations: readonly string[], ...statements: readonly (readonly string[])[]): string[] {
  return [
    ...(declarations.length > 0 ? ['DECLARE', ...indented(declarations)] : []),
    'BEGIN',
    ...indented([...statements.flat(), 'RETURN NULL;']),
    'END',
  ];
}
