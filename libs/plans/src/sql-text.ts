import type { DbTableName } from '@dms/model';
import { type DialectRules, qualifiedName } from '@dms/sql';

const indent = '    ';

/** Items one per line, one indent deeper, separated by commas. */
export function itemLines(items: readonly string[]): string[] {
  return items.map((item, index) => `${indent}${item}${index < items.length - 1 ? ',' : ''}`);
}

/** The WHERE block: each predicate in parentheses on its own line; empty without predicates. */
export function whereLines(predicates: readonly string[]): string[] {
  if (predicates.length === 0) return [];
  return ['WHERE', ...predicates.map((predicate, index) => `${indent}${index === 0 ? '' : 'AND '}(${predicate})`)];
}

/** A statement: its lines, then `;` on a line of its own and one LF (design 08 §4). */
export function statement(...lines: readonly string[]): string {
  return `${[...lines, ';'].join('\n')}\n`;
}

export function tableName(rules: DialectRules, table: DbTableName): string {
  return qualifiedName(rules, table);
}
