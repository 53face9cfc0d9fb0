import { batchLaw, closedPairs, sizes, variables } from './batch-checks.ts';
import { frame } from './frame-checks.ts';
import { guards } from './guard-checks.ts';
import { cascades, keySizes, keyTargets } from './key-checks.ts';
import { moduleColumns } from './module-columns.ts';
import { existing, uniqueNames } from './object-checks.ts';
import type { Check } from './script-check.ts';
import { forbiddenStatements, triggerBodies } from './statement-checks.ts';
import { characters, quotedNames, textForm } from './text-checks.ts';
import type { Script } from './tsql-script.ts';
import { seeks, workSets } from './work-set-checks.ts';

/* The static checks of design 09 §7.4 for SQL Server scripts, and a few more that text allows. */

export interface Finding {
  /** S1…S14 of the design; `names`, `columns`, `guards`, `frame`, `seeks` and `sets` are checks of these tests. */
  readonly id: string;
  readonly text: string;
}

const checks: Readonly<Record<string, Check>> = {
  S1: batchLaw,
  S2: closedPairs,
  S3: variables,
  S4: forbiddenStatements,
  S6: existing,
  S7: keyTargets,
  S8: uniqueNames,
  S9: keySizes,
  S10: cascades,
  S11: sizes,
  S12: triggerBodies,
  S13: textForm,
  S14: characters,
  names: quotedNames,
  columns: moduleColumns,
  guards,
  frame,
  seeks,
  sets: workSets,
};

/** Everything that is wrong with a script, as far as its text shows. */
export function staticFindings(script: Script): Finding[] {
  return Object.entries(checks).flatMap(([id, check]) => check(script).map((text) => ({ id, text })));
}
