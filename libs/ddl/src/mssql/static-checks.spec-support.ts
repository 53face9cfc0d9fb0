import { batchLaw, closedPairs, sizes, variables } from './batch-checks.spec-support.ts';
import { guards } from './guard-checks.spec-support.ts';
import { cascades, keySizes, keyTargets } from './key-checks.spec-support.ts';
import { moduleColumns } from './module-columns.spec-support.ts';
import { existing, uniqueNames } from './object-checks.spec-support.ts';
import type { Check } from './script-check.spec-support.ts';
import { forbiddenStatements, triggerBodies } from './statement-checks.spec-support.ts';
import { characters, quotedNames, textForm } from './text-checks.spec-support.ts';
import type { Script } from './tsql-script.spec-support.ts';

/* The static checks of design 09 §7.4 for SQL Server scripts, and a few more that text allows. */

export interface Finding {
  /** S1…S14 of the design; `names`, `columns` and `guards` are checks of these tests. */
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
};

/** Everything that is wrong with a script, as far as its text shows. */
export function staticFindings(script: Script): Finding[] {
  return Object.entries(checks).flatMap(([id, check]) => check(script).map((text) => ({ id, text })));
}
