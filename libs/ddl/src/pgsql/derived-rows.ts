import { authColumns } from '@dms/inventory';
import { dialectRules } from '@dms/sql';
import type { IdentityTexts } from '../ddl-generation.ts';
import { abstractIdentityRows, type DerivedRows } from '../derived-row-statements.ts';
import { indented } from '../statement-lines.ts';
import { hierarchyTable, q, qualified } from './body-text.ts';
import { insertRows, referentialId } from './referential-ids.ts';

const source = q(authColumns.source);
const target = q(authColumns.target);

export const pgsqlDerivedRows = (texts: IdentityTexts): DerivedRows => ({
  referentialIds: (block, table) => insertRows(block, qualified(table), [], texts).join('\n'),
  referentialId: (block) => referentialId(block, texts),
  abstractIdentities: (trigger) => abstractIdentityRows(dialectRules.pgsql, trigger),
  hierarchy({ entities }) {
    const own = entities.map(({ table, identityColumn }) => {
      const column = `e.${q(identityColumn)}::bigint`;
      return `SELECT ${column}, ${column} FROM ${qualified(table)} AS e`;
    });
    const parents = entities.flatMap(({ table, identityColumn, parentFks }) =>
      parentFks.map(({ denormalizedParentIdColumn }) => {
        const parent = `e.${q(denormalizedParentIdColumn)}`;
        return `SELECT e.${q(identityColumn)}::bigint, ${parent}::bigint FROM ${qualified(table)} AS e WHERE ${parent} IS NOT NULL`;
      }),
    );
    const united = (arms: readonly string[]) =>
      indented(arms.flatMap((arm, index) => (index === 0 ? [arm] : ['UNION ALL', arm])));
    const edges = parents.length > 0 ? parents : ['SELECT NULL::bigint, NULL::bigint WHERE false'];
    return [
      'WITH RECURSIVE edges (id, parent) AS (',
      ...united(edges),
      '), own (source, target) AS (',
      ...united(own),
      '), closure (source, target) AS (',
      ...indented([
        'SELECT o.source, o.target FROM own AS o',
        'UNION',
        'SELECT e.parent, c.target FROM closure AS c INNER JOIN edges AS e ON e.id = c.source',
      ]),
      '), removed AS (',
      ...indented([
        `DELETE FROM ${hierarchyTable} AS t`,
        `WHERE NOT EXISTS (SELECT 1 FROM closure AS c WHERE c.source = t.${source} AND c.target = t.${target})`,
      ]),
      ')',
      `INSERT INTO ${hierarchyTable} (${source}, ${target})`,
      'SELECT c.source, c.target FROM closure AS c',
      'ON CONFLICT DO NOTHING;',
    ].join('\n');
  },
});
