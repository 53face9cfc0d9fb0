import { alternatives, fail, nearestName } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { ReadingRules } from '../document-generation.ts';
import {
  type BoundFilter,
  type DocumentFilter,
  impossibleFilter,
  soughtDescriptor,
  typed,
} from '../reading/page-filters.ts';
import { cachedByResource, type DocumentPlans, type ResourcePlans } from '../resource-plans.ts';
import { tableColumnKeys } from '../statements/statements-by-dialect.ts';
import { storedValue } from '../values/stored-value.ts';
import { valueRulesV1 } from './writing-rules.ts';

/** A condition on a value of the root. */
function boundFilter(
  all: DocumentPlans,
  { shape, label }: ResourcePlans,
  filter: DocumentFilter,
  index: number,
): BoundFilter {
  const { path, value, operator = 'Equal' } = filter;
  const leaves = shape.tables[0]?.leaves ?? [];
  const leaf = leaves.find((each) => each.path === path);
  if (!leaf) {
    const paths = leaves.map((each) => each.path);
    const { nearest } = nearestName(path, paths);
    const text = `${label} has no value at ${path} to find documents by${alternatives(path, paths)}`;
    return fail('DOCUMENT_PROPERTY_UNKNOWN', text, { resource: label, path }, { nearest });
  }
  const predicate = {
    column: mustExist(leaf.columns[0], `the column of ${path}`).name,
    operator,
    parameterName: `filter${index + 1}`,
  };
  const invalid = (reason: string) => impossibleFilter(label, filter, reason);
  if (leaf.value === 'descriptor') {
    if (typeof value !== 'string') return invalid('is not a URI of a descriptor');
    return { predicate, value: null, descriptor: soughtDescriptor(all, leaf.descriptor, value) };
  }
  const type = operator === 'Like' ? { ...leaf.scalarType, maxLength: null } : leaf.scalarType;
  const conversion = storedValue(typed(value, type.kind), type, all.dialect, valueRulesV1);
  if (conversion.reason !== undefined) return invalid(conversion.reason);
  return { predicate, value: conversion.value, descriptor: null };
}

/** For each table, the columns with the document and the positions in the arrays around a row. */
const placeKeys = cachedByResource((plans) =>
  plans.shape.tables.map(({ table }, index) => {
    const keys = mustExist(tableColumnKeys(plans)[index], `the columns of ${table.table.name}`);
    const [document, ...ordinals] = table.key.columns.map(({ name }) =>
      mustExist(keys.get(name), `the column ${name}`),
    );
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
        ordinalAt: (index, level) =>
          Number(mustExist(rows[index], 'a row of the page')[mustExist(ordinals[level], 'the ordinal of a level')]),
      };
    }),
};
