import { compareBy } from '@dms/files';
import { core, qualified } from '@dms/model';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { ruleOf } from './rules.ts';
import type { AffectedRows, StatementEffect } from './statement-effect.ts';

/** The number of rows of each {@link AffectedRows}, by {@link rowsKey}. */
export type RowCounts = ReadonlyMap<string, number>;

export const rowsKey = ({ table, condition = '' }: AffectedRows): string => `${table}\n${condition}`;

/** The rows that determine how long an effect takes; null if none do. */
export const rowsOfEffect = ({ table, rows }: StatementEffect): AffectedRows | null =>
  rows ?? (table === null || table.isNew ? null : { table: table.name });

/** All documents. An upgrade counts them before and after its statements. */
export const allDocuments: AffectedRows = { table: qualified(core.document) };

/** The rows that a plan works on, without duplicates. */
export function affectedRows({
  dialect,
  statements,
  documentChecks,
}: Pick<UpgradePlan, 'dialect' | 'statements' | 'documentChecks'>): readonly AffectedRows[] {
  const found = new Map([allDocuments, ...documentChecks.map(({ rows }) => rows)].map((rows) => [rowsKey(rows), rows]));
  for (const effect of statements.flatMap(({ effects }) => effects)) {
    const rows = rowsOfEffect(effect);
    if (rows !== null && ruleOf(dialect, effect.kind).work !== 'none') found.set(rowsKey(rows), rows);
  }
  return [...found.values()].sort(compareBy(rowsKey));
}
