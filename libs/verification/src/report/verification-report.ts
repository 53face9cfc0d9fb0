import type { MappingVersion } from '@dms/api-schema';
import type { Catalog, CatalogDiff } from '@dms/catalog';
import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';

/** The steps in the order in which they run (design 09 §7.2). */
export const verificationSteps = [
  'static',
  'rolls-back',
  'apply',
  'catalog',
  'reapply',
  'seed',
  'gate',
  'core-behaviour',
  'resource-behaviour',
  'documents',
  'rejects-other-schema',
  'reporting',
] as const;

export type VerificationStep = (typeof verificationSteps)[number];

export type StepResult =
  | { readonly name: VerificationStep; readonly result: 'passed' | 'failed' }
  | { readonly name: VerificationStep; readonly result: 'skipped'; readonly reason: string };

/** What a behaviour check found instead of what it expected. */
export interface BehaviourFailure {
  /** `C1` to `C16`, `R1` to `R17`. */
  readonly check: string;
  /** The table, resource or function concerned. */
  readonly object: string;
  readonly expected: string;
  readonly found: string;
}

/** What was tried with rows. */
export interface Behaviour {
  readonly documents: number;
  readonly tablesFilled: number;
  readonly tablesSkipped: readonly { readonly table: string; readonly reason: string }[];
  readonly failures: readonly BehaviourFailure[];
}

/** What a document did wrong. */
export interface DocumentFailure {
  /** A resource; a table that is not empty after `remove`. */
  readonly resource: string;
  readonly phase: 'write' | 'read' | 'replace' | 'read-replaced' | 'remove';
  readonly found: string;
}

/** What was tried with documents (design 14 §5). */
export interface DocumentRoundTrips {
  readonly resources: number;
  /** Without documents that were made only as targets of others. */
  readonly written: number;
  readonly replaced: number;
  /** Shapes for which no document can exist. */
  readonly skipped: readonly { readonly resource: string; readonly shape: string; readonly reason: string }[];
  readonly failures: readonly DocumentFailure[];
}

/** Where a script was verified; `static` means without an engine. */
export type VerifiedEngine =
  | { readonly kind: 'static'; readonly product: null; readonly version: null }
  | { readonly kind: 'embedded' | 'server'; readonly product: string; readonly version: string };

/** The report of one run (design 09 §6.1); nothing in it shows where or when it was made. */
export interface VerificationReport {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: MappingVersion;
  readonly scriptSha256: string;
  readonly engine: VerifiedEngine;
  readonly result: 'passed' | 'failed';
  readonly steps: readonly StepResult[];
  /** The catalog that the script made, or the desired catalog if the script did not run, and the differences. */
  readonly catalog: Catalog;
  readonly diff: CatalogDiff;
  readonly behaviour: Behaviour;
  /** Null where no document was tried. */
  readonly documents: DocumentRoundTrips | null;
  readonly diagnostics: readonly Diagnostic[];
}
