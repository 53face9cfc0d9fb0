import { fail, nearestName } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { shown } from '../checking/shown-value.ts';
import { type BoundFilter, type DocumentFilter, soughtDescriptor, typed } from '../reading/page-filters.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import { storedValue } from '../values/stored-value.ts';
import { valueRulesV1 } from './value-rules.ts';

/** A condition on a value of the root. Throws `DOCUMENT_PROPERTY_UNKNOWN`, `DOCUMENT_VALUE_INVALID`. */
export function boundFilter(
  all: DocumentPlans,
  { shape, label }: ResourcePlans,
  filter: DocumentFilter,
  index: number,
): BoundFilter {
  const { path, value, operator = 'Equal' } = filter;
  const leaves = shape.tables[0]?.leaves ?? [];
  const leaf = leaves.find((each) => each.path.canonical === path);
  if (!leaf) {
    const { nearest, hint } = nearestName(
      path,
      leaves.map((each) => each.path.canonical),
    );
    const text = `${label} has no value at ${path} to find documents by.${hint}`;
    return fail('DOCUMENT_PROPERTY_UNKNOWN', text, { resource: label, path }, { nearest });
  }
  const predicate = {
    column: mustExist(leaf.columns[0], `the column of ${path}`).name,
    operator,
    parameterName: `filter${index + 1}`,
  };
  const invalid = (fault: string) =>
    fail('DOCUMENT_VALUE_INVALID', `${label} ${path} is compared with ${shown(value)}, which ${fault}.`, {
      resource: label,
      path,
    });
  if (leaf.value === 'descriptor') {
    if (typeof value !== 'string') return invalid('is not a URI of a descriptor');
    return { predicate, value: null, descriptor: soughtDescriptor(all, leaf.descriptor, value) };
  }
  const type = operator === 'Like' ? { ...leaf.scalarType, maxLength: null } : leaf.scalarType;
  const conversion = storedValue(typed(value, type.kind), type, all.dialect, valueRulesV1);
  if (conversion.fault !== undefined) return invalid(conversion.fault);
  return { predicate, value: conversion.value, descriptor: null };
}
