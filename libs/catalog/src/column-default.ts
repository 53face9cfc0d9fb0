import { core, coreV2 } from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import type { DefaultKind } from './catalog-rules.ts';
import type { ColumnDefinition } from './definition.ts';
import { dialectFacts } from './dialect-facts.ts';
import { call, type Expression, number } from './expression.ts';

function makeExpression(dialect: SqlDialect, kind: DefaultKind): Expression {
  switch (kind) {
    case 'nextVersion':
      return { kind: 'nextValue', sequence: core.changeVersionSequence };
    case 'nextItemId':
      return { kind: 'nextValue', sequence: coreV2.collectionItemIdSequence };
    case 'now':
      return call(dialectFacts[dialect].currentTimeFunction);
    case 'zero':
      return number(0);
  }
}

/** Defaults without a given name, which the server names itself (design 16 §4.4). */
const unnamed: ReadonlySet<DefaultKind> = new Set(['nextItemId']);

/** The default of a column, with its name where the dialect has names for defaults. */
export function defineDefault(
  dialect: SqlDialect,
  kind: DefaultKind | null,
  table: string,
  column: string,
): Pick<ColumnDefinition, 'default' | 'defaultName'> {
  if (kind === null) return { default: null, defaultName: null };
  const isNamed = dialectFacts[dialect].namesDefaults && !unnamed.has(kind);
  return {
    default: makeExpression(dialect, kind),
    defaultName: isNamed ? limitIdentifier(dialectRules[dialect], `DF_${table}_${column}`) : null,
  };
}
