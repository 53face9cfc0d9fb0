import { mustExist } from '@dms/model';
import type { ReadingRules } from '../reading/reading-rules.ts';
import { cachedByResource } from '../resource-plans.ts';
import { tableColumnKeys } from '../statements/column-keys.ts';
import { boundFilter } from './page-filters.ts';

/** For each table, the columns with the document and the positions in the arrays around a row. */
const placeKeys = cachedByResource((plans) =>
  plans.shape.tables.map(({ table }, index) => {
    const keys = mustExist(tableColumnKeys(plans)[index], `the columns of ${table.table.name}`);
    const [document, ...ordinals] = table.key.columns.map(({ name }) => mustExist(keys.get(name), `the column ${name}`));
    return { document: mustExist(document, `the key of ${table.table.name}`), ordinals };
  }),
);

/** The key of a row gives its place (design 14 §3). */
export const readingRulesV1: ReadingRules = {
  documentColumns: ({ shape }) =>
    shape.tables.map(({ table }) => mustExist(table.key.columns[0], `the key of ${table.table.name}`).name),
  boundFilters: (all, plans, filters) => filters.map((filter, index) => boundFilter(all, plans, filter, index)),
  scansRoots: false,
  place: (plans, answers) =>
    placeKeys(plans).map(({ document, ordinals }, table) => {
      const rows = answers[table] ?? [];
      return {
        rows,
        depth: ordinals.length,
        documentAt: (index) => rows[index]?.[document],
        ordinalAt: (index, level) => Number(rows[index]?.[ordinals[level] ?? '']),
      };
    }),
};
