import { compareBy } from '@dms/files';
import { qualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import { effectOnNone, type StatementEffect } from '../hazards/statement-effect.ts';
import type { CodePlan, ScriptParts } from '../script/script-parts.ts';
import type { StatementList } from '../script/statement-list.ts';

/**
 * A value as a text that does not depend on the order of members, in which catalogs of files, models and databases
 * differ.
 */
export const comparableText = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(compareBy(([name]) => name)))
      : member,
  );

/** The functions that come and go. A function with the body of a trigger comes with its trigger (design 12 §5). */
export function planRoutines({
  before,
  after,
  definition,
}: Comparison): Pick<CodePlan, 'droppedFunctions' | 'routines'> {
  const [earlier, later] = [before, after].map(
    ({ catalog }) => new Map(catalog.functions.map((routine) => [qualified(routine), routine])),
  );
  return {
    droppedFunctions: before.catalog.functions.filter((routine) => !later?.has(qualified(routine))),
    routines: definition.routines.filter(
      (routine) => comparableText(earlier?.get(qualified(routine))) !== comparableText(later?.get(qualified(routine))),
    ),
  };
}

export function dropFunctions({ comparison: { dialect }, code }: ScriptParts, out: StatementList): void {
  for (const routine of code.droppedFunctions) {
    const { schema, name } = routine;
    const touches: StatementEffect['touches'] = [{ how: 'drop', kind: 'function', schema, table: null, name }];
    out.add(
      'drop code',
      qualified(routine),
      { ...effectOnNone('drop function'), touches },
      dialect.dropFunction(routine),
    );
  }
}

export function createRoutines({ code, statements }: ScriptParts, out: StatementList): void {
  for (const routine of code.routines)
    out.add('make code', qualified(routine), effectOnNone('create function'), statements.routine(routine));
}
