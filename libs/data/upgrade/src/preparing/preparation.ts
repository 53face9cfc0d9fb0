import type { PreparationStep } from '../ops/statement.ts';

/**
 * The steps that an edition without online index builds leaves to the upgrade: those that build an index, and the
 * foreign keys to their tables, which may need it (design 12a §5.5).
 */
export function stepsNeedingOnline(steps: readonly PreparationStep[]): ReadonlySet<PreparationStep> {
  const builds = steps.filter(({ needsOnline }) => needsOnline);
  const tables = new Set(builds.map(({ subject }) => subject));
  return new Set([...builds, ...steps.filter(({ target }) => target !== null && tables.has(target))]);
}
