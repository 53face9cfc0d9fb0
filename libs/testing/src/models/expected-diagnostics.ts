import { deriveModel } from '@dms/derivation';
import { type Diagnostic, type DiagnosticCode, DmsError } from '@dms/diagnostics';
import { expect } from 'vitest';
import { exactPattern } from '../exact-pattern.ts';
import { type Document, schemaSet } from './derived.ts';

/** The error of a failing step; fails if the step succeeds. */
export function failureOf(action: () => unknown): DmsError {
  try {
    action();
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error('nothing was reported');
}

/** All reported diagnostics. */
export const diagnosticsOf = (action: () => unknown): readonly Diagnostic[] => failureOf(action).diagnostics;

/** The only reported diagnostic. */
export function diagnosticOf(action: () => unknown): Diagnostic {
  const [first, ...more] = diagnosticsOf(action);
  if (!first || more.length > 0) throw new Error(`${more.length + 1} faults were reported, not one`);
  return first;
}

/** The codes of all reported diagnostics. */
export const codesOf = ({ diagnostics }: DmsError): string[] => diagnostics.map(({ code }) => code);

/**
 * The position of `name` in `message` as a whole word or path, not as a part of a longer one; -1 if it does not occur.
 */
function positionOf(message: string, name: string, from: number): number {
  const match = new RegExp(`(?<![\\w$])${exactPattern(name)}(?!\\w|\\[|\\.\\w)`, 'u').exec(message.slice(from));
  return match ? match.index + from : -1;
}

/** Expects that the message contains all these names; those of an inner list must appear in its order. */
export function expectNamed(found: Diagnostic | undefined, names: readonly (string | readonly string[])[]): void {
  const message = found?.message ?? '';
  for (const name of names) {
    let from = 0;
    for (const one of typeof name === 'string' ? [name] : name) {
      const at = positionOf(message, one, from);
      const order = from > 0 ? ' after the one before' : '';
      expect(at, `"${message}" must name ${JSON.stringify(one)}${order}`).toBeGreaterThanOrEqual(0);
      from = at + one.length;
    }
  }
}

export interface ExpectedDiagnostic {
  readonly code: DiagnosticCode;
  /** `where.resource`; the message must also contain it. */
  readonly resource?: string;
  /** The names that the message must contain; an inner list must appear in that order. */
  readonly names?: readonly (string | readonly string[])[];
}

/** Expects the step to fail with exactly these diagnostics, in this order. */
export function expectDiagnostics(action: () => unknown, ...expected: readonly ExpectedDiagnostic[]): void {
  const found = failureOf(action).diagnostics;
  const facts = found.map(({ code, where }) => ({ code, resource: where.resource }));
  const messages = found.map(({ message }) => message).join('\n');
  expect(facts, messages).toEqual(expected.map(({ code, resource }) => ({ code, resource })));
  found.forEach((diagnostic, index) => {
    const { resource, names = [] } = expected[index] ?? {};
    expectNamed(diagnostic, resource === undefined ? names : [resource, ...names]);
  });
}

/** Expects the step to fail with one diagnostic, with this code and all of `names`; returns its message. */
export function expectDiagnostic(action: () => unknown, code: string, ...names: readonly string[]): string {
  const found = diagnosticsOf(action);
  const messages = found.map(({ message }) => message).join('\n');
  expect(
    found.map((diagnostic) => diagnostic.code),
    messages,
  ).toEqual([code]);
  expectNamed(found[0], names);
  return messages;
}

/** Expects derivation of the documents to fail with exactly this diagnostic. */
export function expectRejected(documents: readonly Document[], fault: ExpectedDiagnostic): void {
  expectDiagnostics(() => deriveModel(schemaSet(...documents), 'pgsql'), fault);
}
