import { qualified, type Table } from '@dms/model';
import type { DataInput, RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { namesOf, plain } from './row-names.ts';

/*
 * A unified value is stored once for several places of a document (design 04). Each place has a gate, the id of its
 * reference or a flag, which says whether it is there. So the value is there if and only if one of the gates is; a
 * class with a place that is always there has no gate for it, and its column is NOT NULL.
 */

/** The conditions on a row `t` under which a unified value and its gates contradict each other. */
function contradictions({ columns, keyUnificationClasses }: Table, q: (name: string) => string): string[] {
  const storages = new Map(columns.map(({ name, storage }) => [String(name), storage]));
  return keyUnificationClasses.flatMap(({ canonicalColumn, memberPathColumns }) => {
    const gates = memberPathColumns.map((name) => {
      const storage = storages.get(name);
      return storage?.kind === 'UnifiedAlias' ? storage.presenceColumn : null;
    });
    const known = gates.filter((gate) => gate !== null);
    if (known.length < gates.length || known.length === 0) return [];
    const unique = [...new Set(known)].map((gate) => `t.${q(gate)}`);
    const value = `t.${q(canonicalColumn)}`;
    const isOpen = unique.map((gate) => `${gate} IS NOT NULL`).join(' OR ');
    const isShut = unique.map((gate) => `${gate} IS NULL`).join(' AND ');
    return [`(${value} IS NULL AND (${isOpen}))`, `(${value} IS NOT NULL AND ${isShut})`];
  });
}

/** Unified values without a place, and places without their value, one query per table. */
export function unifiedValueChecks({ model }: DataInput, dialect: RowDialect): RowCheck[] {
  const { q, named, uuidOf } = namesOf(dialect);
  return model.resources.flatMap(({ tablesInDependencyOrder }) =>
    tablesInDependencyOrder.flatMap((table): RowCheck[] => {
      const conditions = contradictions(table, q);
      if (conditions.length === 0) return [];
      const example = uuidOf(`t.${q(table.identity.rootLocator[0] ?? 'DocumentId')}`);
      return [
        {
          kind: 'unifiedValue',
          object: qualified(table.table),
          table: qualified(table.table),
          find: plain(`SELECT ${example} AS example FROM ${named(table.table)} AS t WHERE ${conditions.join(' OR ')}`),
          repair: [],
        },
      ];
    }),
  );
}
