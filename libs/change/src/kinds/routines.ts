import type { Routine } from '@dms/catalog';
import { compareBy } from '@dms/files';
import { qualified } from '@dms/model';
import type { Comparison } from '../comparison.ts';
import { effectOnNone, type StatementEffect } from '../hazards/statement-effect.ts';
import type { CodePlan, ScriptParts } from '../script/script-parts.ts';
import type { StatementList } from '../script/statement-list.ts';
import { alwaysError, type DriftRules, type Severities } from './drift-rules.ts';

const routineSeverities: Severities = { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' };

export const routineDrift: DriftRules<Routine> & {
  /** Of a function that statements call, for which a session needs the privilege. */
  readonly called: Severities;
  /** Of a function that is extra and has the name of an expected one. */
  readonly overload: Severities;
} = {
  fields: [
    ...(['result', 'language', 'volatility', 'strict', 'securityDefiner', 'settings', 'owner'] as const),
    ...(['publicExecute', 'body', 'options'] as const),
  ],
  // whether a function that runs in a trigger is parallel-safe or leakproof does not affect results
  severities: { ...routineSeverities, byField: { publicExecute: 'warning', options: 'warning' } },
  called: { ...routineSeverities, byField: { options: 'warning' } },
  overload: alwaysError,
};

/** A function that a trigger runs needs no privileges of the session. */
export const isCalledRoutine = ({ result }: Pick<Routine, 'result'>): boolean => result !== 'trigger';

/** A value as a text that does not depend on the order of members, in which catalogs of files, models and databases differ. */
export const comparableText = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(compareBy(([name]) => name)))
      : member,
  );

/** The functions that come and go. A function with the body of a trigger comes with its trigger (design 12 §5). */
export function planRoutines({ before, after, definition }: Comparison): Pick<CodePlan, 'droppedFunctions' | 'routines'> {
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
    out.add('drop code', qualified(routine), { ...effectOnNone('drop function'), touches }, dialect.dropFunction(routine));
  }
}

export function createRoutines({ code, statements }: ScriptParts, out: StatementList): void {
  for (const routine of code.routines)
    out.add('make code', qualified(routine), effectOnNone('create function'), statements.routine(routine));
}
