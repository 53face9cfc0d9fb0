import { type AuthEdOrgHierarchy, authColumns } from '@dms/inventory';
import { dialectRules } from '@dms/sql';
import type { IdentityTexts } from '../ddl-generation.ts';
import { abstractIdentityRows, type DerivedRows } from '../derived-row-statements.ts';
import { indented } from '../statement-lines.ts';
import { ancestorTuples, closureVariables, intoClosure } from './auth-hierarchy.ts';
import { hierarchyTable, q, qualified } from './body-text.ts';
import { insertRows, referentialId } from './referential-identity.ts';

const source = q(authColumns.source);
const target = q(authColumns.target);

/** The statements that fill the table variable `@closure` with the closure of the hierarchy (design 07 §9.6). */
export function mssqlHierarchyClosure({ entities }: AuthEdOrgHierarchy): string {
  const own = entities.map(
    ({ table, identityColumn }) => `SELECT e.${q(identityColumn)} AS id FROM ${qualified(table)} AS e`,
  );
  return [
    ...closureVariables,
    intoClosure,
    'SELECT o.id, o.id, @round',
    'FROM (',
    ...indented(own.flatMap((arm, index) => (index === 0 ? [arm] : ['UNION', arm]))),
    ') AS o;',
    ...ancestorTuples(entities),
  ].join('\n');
}

export const mssqlDerivedRows = (texts: IdentityTexts): DerivedRows => ({
  referentialIds: (block, table) => insertRows(block, [`FROM ${qualified(table)} AS t`], texts).join('\n'),
  referentialId: (block) => referentialId(block, texts),
  abstractIdentities: (trigger) => abstractIdentityRows(dialectRules.mssql, trigger),
  hierarchy(hierarchy) {
    return [
      mssqlHierarchyClosure(hierarchy),
      'DELETE t',
      `FROM ${hierarchyTable} AS t`,
      `WHERE NOT EXISTS (SELECT 1 FROM @closure AS c WHERE c.${target} = t.${target} AND c.${source} = t.${source});`,
      `INSERT INTO ${hierarchyTable} (${source}, ${target})`,
      `SELECT c.${source}, c.${target}`,
      'FROM @closure AS c',
      `WHERE NOT EXISTS (SELECT 1 FROM ${hierarchyTable} AS t WHERE t.${source} = c.${source} AND t.${target} = c.${target});`,
    ].join('\n');
  },
});
