import { fingerprintVersions, generationMember, type MappingVersion } from '@dms/api-schema';
import {
  block,
  type Catalog,
  type CatalogDiff,
  type CatalogDifference,
  differenceCounts,
  line,
  lines,
  type RenameHint,
  warningLines,
} from '@dms/catalog';
import { counted, type Diagnostic, mostExamples, severityOf } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { TriedDocuments } from './documents/known-documents.ts';
import type { ShapeReport } from './shapes/table-shapes.ts';

/** The steps in the order in which they run (design 09b §2.2). */
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

export type VerificationStepResult =
  | { readonly name: VerificationStep; readonly result: 'passed' | 'failed' }
  | { readonly name: VerificationStep; readonly result: 'skipped'; readonly reason: string };

/** A difference between expected and found behaviour. */
export interface BehaviourFailure {
  /** `C1` to `C18`, `R1` to `R18`. */
  readonly check: string;
  /** The table, resource or function concerned. */
  readonly object: string;
  readonly expected: string;
  readonly found: string;
}

/** The extent and the failures of the behaviour checks. */
export interface Behaviour {
  readonly documents: number;
  readonly tablesFilled: number;
  readonly tablesSkipped: readonly { readonly table: string; readonly reason: string }[];
  /** How many shapes stood for the tables; a text says why they did not; null if no table was tried. */
  readonly shapes: ShapeReport | string | null;
  /** Whether the run was asked to try every table. */
  readonly triesEveryShape: boolean;
  /**
   * The number of shapes that an earlier run has proved, or `all` if it had the same input, and nothing was tried; a report
   * on disk does not depend on it.
   */
  readonly knownShapes: number | 'all';
  /** The keys of the shapes that this run has proved, for a later one. */
  readonly provedShapes: readonly string[];
  readonly failures: readonly BehaviourFailure[];
}

/** A failure of a document. */
export interface DocumentFailure {
  /** A resource, or a table that is not empty after `remove`. */
  readonly resource: string;
  readonly phase: 'write' | 'read' | 'find' | 'replace' | 'read-replaced' | 'remove';
  readonly found: string;
}

/** The extent and the failures of the step `documents` (design 14 §4). */
export interface DocumentRoundTrips {
  readonly resources: number;
  /** The number of documents, without those that were made only as targets of others. */
  readonly written: number;
  readonly replaced: number;
  /** Shapes for which no document can exist. */
  readonly skipped: readonly { readonly resource: string; readonly shape: string; readonly reason: string }[];
  readonly failures: readonly DocumentFailure[];
}

/** The engine that verified a script; `static` means none. */
export type VerifiedEngine =
  | { readonly kind: 'static'; readonly product: null; readonly version: null }
  | { readonly kind: 'embedded' | 'server'; readonly product: string; readonly version: string };

/** The report of one run (design 09b §1.1); it does not show where or when it was made. */
export interface VerificationReport {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: MappingVersion;
  readonly scriptSha256: string;
  readonly engine: VerifiedEngine;
  readonly result: 'passed' | 'failed';
  readonly steps: readonly VerificationStepResult[];
  /** The catalog that the script made, or the desired catalog if the script did not run, and the differences. */
  readonly catalog: Catalog;
  readonly diff: CatalogDiff;
  readonly behaviour: Behaviour;
  /** Of which resources documents and views were tried; no report on disk depends on it. Null if none were. */
  readonly triedDocuments: TriedDocuments | null;
  /** Null if no document was tried. */
  readonly documents: DocumentRoundTrips | null;
  readonly diagnostics: readonly Diagnostic[];
}

type Members = Readonly<Record<string, unknown>>;

/** The number of objects of each kind in a catalog. */
function catalogCounts({ schemas, sequences, tables, views, functions }: Catalog): Readonly<Record<string, number>> {
  const sum = (count: (table: Catalog['tables'][number]) => number) =>
    tables.reduce((total, table) => total + count(table), 0);
  return {
    schemas: schemas.length,
    sequences: sequences.length,
    tables: tables.length,
    columns: sum(({ columns }) => columns.length),
    primary_keys: sum(({ primaryKey }) => (primaryKey ? 1 : 0)),
    uniques: sum(({ uniques }) => uniques.length),
    foreign_keys: sum(({ foreignKeys }) => foreignKeys.length),
    checks: sum(({ checks }) => checks.length),
    indexes: sum(({ indexes }) => indexes.length),
    triggers: sum(({ triggers }) => triggers.length),
    views: views.length,
    functions: functions.length,
  };
}

const difference = ({
  object,
  path,
  change,
  field,
  expected,
  actual,
  severity,
  because,
}: CatalogDifference): Members => ({
  object,
  path,
  change,
  field,
  expected,
  actual,
  severity,
  because,
});

const rename = ({ object, expected, actual, score }: RenameHint): Members => ({ object, expected, actual, score });

function diagnosticMembers(entry: Diagnostic): Members {
  return { code: entry.code, severity: severityOf(entry), message: entry.message, where: entry.where };
}

const documentsText = ({ resources, written, replaced, skipped, failures }: DocumentRoundTrips): string =>
  block(
    [
      ['resources', line(resources)],
      ['written', line(written)],
      ['replaced', line(replaced)],
      ...(skipped.length === 0 ? [] : [['skipped', lines(skipped, 2)] as const]),
      ['failures', lines(failures, 2)],
    ],
    1,
  );

function shapeMembers(shapes: NonNullable<Behaviour['shapes']>): unknown {
  if (typeof shapes === 'string') return shapes;
  const { tables, shapes: count, tried, columnsTried, withoutForm, failed } = shapes;
  const members = { tables, shapes: count, tried, columns_tried: columnsTried, without_form: withoutForm };
  return failed.length === 0 ? members : { ...members, failed };
}

/** How many shapes stood for how many tables, for people. */
function shapeLines({ shapes, triesEveryShape, knownShapes }: Behaviour): string[] {
  if (shapes === null) return [];
  if (knownShapes === 'all')
    return ['  resource-behaviour: proved by an earlier run of the same script; nothing was tried'];
  if (typeof shapes === 'string')
    return [`  every table tried${triesEveryShape ? ' (--every-shape); shapes unknown' : ''}: ${shapes}`];
  const { tables, shapes: count, tried, columnsTried, failed } = shapes;
  return [
    `  ${counted(count, 'shape')} of triggers stood for ${counted(tables, 'table')}: ${tried} tried for their triggers, ${columnsTried} for their columns and keys`,
    ...(knownShapes > 0 ? [`  ${counted(knownShapes, 'shape')} known from an earlier run, and not tried again`] : []),
    ...failed.map(({ table, members }) => {
      const examples = members.slice(0, mostExamples).join(', ');
      const untried = `${counted(members.length, 'table')} that ${members.length === 1 ? 'was' : 'were'} not tried`;
      return `    ${table} failed; it stands for ${untried}: ${examples}`;
    }),
  ];
}

/** The text of `verification.<dialect>.json` (design 09b §1.1), one object of a list per line. */
export function verificationText(report: VerificationReport): string {
  const { behaviour, documents, diff } = report;
  const catalog = block(
    [
      ['counts', line(catalogCounts(report.catalog))],
      ['differences', lines(diff.differences.map(difference), 2)],
      ['renames', lines(diff.renames.map(rename), 2)],
    ],
    1,
  );
  const ofTables = block(
    [
      ['documents', line(behaviour.documents)],
      ['tables_filled', line(behaviour.tablesFilled)],
      ['tables_skipped', lines(behaviour.tablesSkipped, 2)],
      ...(behaviour.shapes === null ? [] : [['shapes', line(shapeMembers(behaviour.shapes))] as const]),
      ['failures', lines(behaviour.failures, 2)],
    ],
    1,
  );
  const generation = generationMember(report.relationalMappingVersion);
  const members: readonly (readonly [string, string])[] = [
    ['verification_format', '1'],
    ['dialect', line(report.dialect)],
    ['effective_schema_hash', line(report.effectiveSchemaHash)],
    ['relational_mapping_version', line(fingerprintVersions[report.relationalMappingVersion])],
    ...(generation === undefined ? [] : [['generation', line(generation)] as const]),
    ['script_sha256', line(report.scriptSha256)],
    ['engine', line(report.engine)],
    ['result', line(report.result)],
    ['steps', lines(report.steps, 1)],
    ['catalog', catalog],
    ['behaviour', ofTables],
    ...(documents === null ? [] : [['documents', documentsText(documents)] as const]),
    ['diagnostics', lines(report.diagnostics.map(diagnosticMembers), 1)],
  ];
  return `${block(members, 0)}\n`;
}

const engines: Readonly<Record<VerificationReport['engine']['kind'], string>> = {
  embedded: 'run on the embedded engine',
  server: 'run on a server',
  static: 'not run: its text was checked, nothing was executed on an engine',
};

/** The report in lines for people: the verified script, the engine, the result, and each warning about the catalog. */
export function verificationReportLines({
  dialect,
  engine,
  result,
  steps,
  diff,
  behaviour,
  triedDocuments,
  documents,
}: VerificationReport): string[] {
  const product = engine.product === null ? '' : ` (${engine.product} ${engine.version})`;
  const heading = `${dialect}: ${result}; the script was ${engines[engine.kind]}${product}`;
  const results = steps.map((step) => {
    return `  ${step.name}: ${step.result}${step.result === 'skipped' ? ` (${step.reason})` : ''}`;
  });
  if (engine.kind === 'static') return [heading, ...results];
  const tried = `; ${counted(behaviour.documents, 'document')}, ${counted(behaviour.tablesFilled, 'table')} filled`;
  const warnings = warningLines(diff.differences).map((text) => `    ${text}`);
  const differences = `  ${differenceCounts(diff.differences)}${behaviour.knownShapes === 'all' ? '' : tried}`;
  const counts = [differences, ...warnings, ...shapeLines(behaviour)];
  return [heading, ...results, ...counts, ...documentLines(documents, triedDocuments)];
}

/** How many documents were tried, for people; nothing if the step did not run. */
function documentLines(documents: DocumentRoundTrips | null, tried: TriedDocuments | null): string[] {
  if (documents === null) return [];
  const known = tried?.known ?? 0;
  if (known > 0 && tried?.resources.size === 0) return ['  documents: proved by an earlier run; none was written'];
  const { resources, written, replaced } = documents;
  return [
    `  documents of ${counted(resources, 'resource')}: ${written} written, ${replaced} replaced`,
    ...(known > 0
      ? [`  documents of ${counted(known, 'resource')} known from an earlier run, and not tried again`]
      : []),
  ];
}

/** The report as a value for machines. */
export function verificationReportValue(report: VerificationReport) {
  const { dialect, effectiveSchemaHash, scriptSha256, engine, result, steps, diff, behaviour, documents } = report;
  const { differences } = diff;
  // these depend on the options, and on the file of known shapes
  const { triesEveryShape: _every, provedShapes: _provedShapes, knownShapes: _knownShapes, ...tried } = behaviour;
  return {
    dialect,
    effectiveSchemaHash,
    scriptSha256,
    engine,
    result,
    steps,
    differences,
    behaviour: tried,
    documents,
  };
}
