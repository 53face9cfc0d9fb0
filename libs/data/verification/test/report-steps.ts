import type { VerificationReport } from '../src/index.ts';

/** The steps of a report on one line each: name, result, reason. */
export function stepsOf({ steps }: VerificationReport): string[] {
  return steps.map((step) => `${step.name} ${step.result}${step.result === 'skipped' ? `: ${step.reason}` : ''}`);
}

/** The steps of a run on an engine in which every step passed. */
export const allPassed = [
  'static passed',
  'rolls-back passed',
  'apply passed',
  'catalog passed',
  'reapply passed',
  'seed passed',
  'gate passed',
  'core-behaviour passed',
  'resource-behaviour passed',
  'documents passed',
  'rejects-other-schema passed',
  'reporting skipped: no ods-mapping.json',
];

export const codesOf = ({ diagnostics }: VerificationReport) => [...new Set(diagnostics.map(({ code }) => code))];

/** A step in a report whose earlier steps ended the run, or that has no engine. */
export const skippedFor = (reason: string, step: string): string => step.replace(/ .*/, ` skipped: ${reason}`);
