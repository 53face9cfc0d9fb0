import type { Catalog } from '@dms/catalog';
import {
  diffByOrigin,
  differenceCounts,
  diffText,
  earlierReleaseAdvice,
  type JudgedCatalog,
  mixedText,
  originLines,
  originNames,
} from '@dms/catalog';
import {
  atOneMoment,
  type Connection,
  changing,
  checkDatabase,
  collationFinding,
  type GateRefusal,
  introspect,
  type Limits,
  objectRightsFindings,
  type RightPurpose,
  readDatabaseState,
  readProvisionedSet,
  refusal,
  roleFindings,
  roleRights,
  surroundingFindings,
  withKept,
} from '@dms/databases';
import { counted, type Diagnostic, DmsError, diagnostic, redactedDiagnostic, severityOf } from '@dms/diagnostics';
import { snapshotWarnings } from '@dms/documents';
import { listText, writeOutput } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import { checkData, type DataFinding, isDerived, repairData, type ServiceCause, wrongSequences } from '@dms/verification';
import { type DatabaseDesign, type DatabaseSource, databaseDesign, documentDesign } from '../sources/source.ts';
import { type PreparationState, preparationLines, preparationState, preparationValue } from './preparation-state.ts';
import { type ReportingState, reportingFindings, reportingLine, reportingState, reportingValue } from './reporting-state.ts';
import { schemaFindings } from './schema-findings.ts';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

export interface DriftOptions extends DatabaseOptions {
  readonly source: DatabaseSource;
  /** The artifacts of the source, if many databases are compared with them; otherwise they are made here. */
  readonly design?: DatabaseDesign | undefined;
  /** Has the gate compare all rows of the fingerprint. */
  readonly deep?: boolean | undefined;
  /** Recomputes what is derived from rows. */
  readonly data?: boolean | undefined;
  /** Called with the derived rows that differ before they are rewritten; without it, nothing is rewritten. */
  readonly onRepair?: ((findings: readonly DataFinding[]) => void) | undefined;
  /** What a role must be able to do with the database. */
  readonly purpose?: RightPurpose | undefined;
  /** The role whose rights are looked at; by default the role of the connection. */
  readonly role?: string | undefined;
  /** Warnings count as errors. */
  readonly strict?: boolean | undefined;
  /** Takes what must be known before rows are read; otherwise it is in the result. */
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
  /** File for the report. */
  readonly output?: string | undefined;
}

const isRepairable = ({ repairable }: DataFinding) => repairable;

/** How far a database is from what it was provisioned as (design 09 §7.5). */
export interface Drift extends DatabaseResult, JudgedCatalog {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  /** The fingerprint of the database. */
  readonly catalog: Catalog;
  /** `ok`, or the code with which a server would refuse it. */
  readonly gate: string;
  /** Null if it has no reporting views. */
  readonly reporting: ReportingState | null;
  /** Null if it is not prepared for an upgrade. */
  readonly preparation: PreparationState | null;
  /** What is wrong with its rows; null if they were not checked. After a repair, what is still wrong. */
  readonly data: readonly DataFinding[] | null;
  /** Why the database did not pass; empty when it did. Warnings are in `diagnostics`. */
  readonly failures: readonly Diagnostic[];
}

function gateFailure(gate: GateRefusal | null): Diagnostic[] {
  return gate === null ? [] : [diagnostic(gate.code, gate.message, {}, gate.details)];
}

async function seedFailure(connection: Connection, { info, catalog }: DatabaseDesign, limits: Limits): Promise<Diagnostic[]> {
  const found = refusal(await readDatabaseState(connection, info, catalog.schemas, limits), connection);
  return found ? [found] : [];
}

/** Sequences that are behind a value of a row, or at their end; with the check of rows, the first are findings of it. */
async function sequenceFailures(connection: Connection, { catalog }: DatabaseDesign, limits: Limits): Promise<Diagnostic[]> {
  const found = await wrongSequences(connection, catalog, limits);
  return found.map(({ object, example }) => {
    const text = `${connection.label}: the sequence of ${object} is behind a value that a row has (${example}). check --data --repair makes it continue after it.`;
    return diagnostic('DB_SEQUENCE', text, {}, { object });
  });
}

function catalogFailure(
  { maker, diff: { differences } }: JudgedCatalog,
  [live, wanted]: readonly [live: Catalog, wanted: Catalog],
  label: string,
  strict: boolean,
): Diagnostic[] {
  const counts = strict ? ['error', 'warning'] : ['error'];
  const found = differences.filter(({ severity }) => counts.includes(severity));
  const mixed = mixedText(maker);
  const makers = { ours: maker.ours.length, service: maker.service.length };
  if (mixed !== null) return [diagnostic('CHECK_MAKERS_MIXED', `${label}: ${mixed}.`, {}, { label, ...makers })];
  if (found.length === 0) return [];
  const text = `${label}: the database is not what the schema set makes: ${differenceCounts(differences)}. See the report.${earlierReleaseAdvice(live, wanted, found)}`;
  return [diagnostic('VERIFY_CATALOG_DIFFERS', text, {}, { label, differences: found.length })];
}

/**
 * `dms-ddl check`: compares a database with what it should be, and changes nothing: its catalog, the rows of its fingerprint, and
 * whether the gate lets a server use it. Throws the codes of `databaseDesign`, `DB_*` and `OUTPUT_*`.
 */
export function findDrift(options: DriftOptions): Promise<Drift> {
  return withTarget(options, 'check', async (target) => {
    const design = options.design ?? (await databaseDesign(options));
    let isRepaired = false;
    const onRepair: DriftOptions['onRepair'] =
      options.onRepair &&
      ((found) => {
        isRepaired = true;
        options.onRepair?.(found);
      });
    const compare = () =>
      connected(target, options, (connection) => compareDatabase(connection, design, { ...options, onRepair }));
    const drift = await (onRepair === undefined ? compare() : changing(compare));
    if (options.output !== undefined)
      await writeOutput('check', options.output, driftText(drift), options.signal).catch((error: unknown) => {
        throw isRepaired ? withKept(error, repaired) : error;
      });
    return drift;
  });
}

/** What is compared, wherever the database is. */
type Comparison = Omit<DriftOptions, keyof DatabaseOptions> & Pick<DatabaseOptions, 'dialect' | 'signal' | 'onProgress'>;

/** The schema set that a database has now; null where it cannot be told. */
async function setOf(connection: Connection, limits: Limits): Promise<string | null> {
  try {
    return (await readProvisionedSet(connection, limits))?.effectiveSchemaHash ?? null;
  } catch (error) {
    // the comparison says what is wrong
    if (error instanceof DmsError) return null;
    throw error;
  }
}

/**
 * The same for the database of a session, which stays open. Its parts are read one after another, and a server shows catalogs as they are now: so
 * all of them are read again if the database has got another schema set meanwhile.
 */
export async function compareDatabase(connection: Connection, design: DatabaseDesign, options: Comparison): Promise<Drift> {
  const limits = { signal: options.signal };
  const before = await setOf(connection, limits);
  const drift = await compareParts(connection, design, options);
  return (await setOf(connection, limits)) === before ? drift : compareParts(connection, design, options);
}

async function compareParts(connection: Connection, design: DatabaseDesign, options: Comparison): Promise<Drift> {
  const { dialect, signal, deep, strict = false, onProgress } = options;
  onProgress?.('compare');
  const limits = { signal };
  const { catalog, reporting: views, prepared, diagnostics: found } = await introspect(connection, limits);
  const reporting = reportingState(views, design.info.effectiveSchemaHash);
  const collation = await collationFinding(connection, limits);
  const moments = options.data ? await snapshotWarnings(connection) : [];
  const isToldBefore = options.onWarning !== undefined && !strict;
  if (isToldBefore) for (const warning of moments) options.onWarning?.(redactedDiagnostic(warning, connection.redact));
  const rights = await roleRights(connection, design.catalog.schemas, { ...limits, role: options.role });
  const surroundings = [
    ...roleFindings(connection, rights, options.purpose === undefined ? [] : [options.purpose]),
    ...(await surroundingFindings(connection, limits, design.script)),
    ...(await objectRightsFindings(connection, design.catalog.schemas, limits)),
  ];
  const warnings = surroundings.filter((entry) => entry.class === 'W');
  // the gate's answer is an error
  const diagnostics = [
    ...found,
    ...(collation?.class === 'W' ? [collation] : []),
    ...warnings,
    ...(isToldBefore ? [] : moments),
    ...reportingFindings(reporting, connection.label),
  ];
  const judged = await diffByOrigin(design.catalog, catalog, design.service);
  const gate = await checkDatabase(connection, design.info, { ...limits, deep });
  // the rows would only repeat what the gate already refuses
  const seeds = gate === null ? await seedFailure(connection, design, limits) : [];
  const { label } = connection;
  const isOurs = judged.maker.kind !== 'service' && judged.maker.kind !== 'mixed';
  const sequences = gate === null && !options.data ? await sequenceFailures(connection, design, limits) : [];
  const rows = options.data && gate === null ? await rowsOf(connection, design, { ...options, repairs: isOurs }) : null;
  const data = judged.maker.kind === 'service' ? (rows?.map(leftByService) ?? null) : rows;
  const failures = [
    ...catalogFailure(judged, [catalog, design.catalog], label, strict),
    ...gateFailure(gate),
    ...seeds,
    ...surroundings.filter((entry) => entry.class !== 'W' && entry.code !== gate?.code),
    ...sequences,
    ...dataFailure(data, label, isOurs),
    ...(options.onRepair && !isOurs && data?.some(isRepairable) ? [repairRefused(label, judged)] : []),
    ...(strict ? diagnostics : []),
  ];
  return {
    dialect,
    effectiveSchemaHash: design.info.effectiveSchemaHash,
    catalog,
    ...judged,
    gate: gate?.code ?? 'ok',
    reporting,
    preparation: preparationState(prepared),
    data,
    failures: failures.map((entry) => redactedDiagnostic(entry, connection.redact)),
    diagnostics: strict ? [] : diagnostics,
  };
}

const repaired = 'The derived rows are repaired. Run it again without --repair to see what is left.';

/** Checks derived rows of a database with this schema set; nothing can be said about a database with another one. */
async function rowsOf(
  connection: Connection,
  { catalog }: DatabaseDesign,
  { source, dialect, signal, onProgress, onRepair, repairs }: Comparison & { readonly repairs: boolean },
): Promise<readonly DataFinding[]> {
  const { model, inventory, schemas } = await documentDesign(source, dialect, onProgress, true);
  onProgress?.('check rows');
  const input = { model, inventory, catalog };
  const withDocuments = async (session: Connection, rows: readonly DataFinding[]) => {
    onProgress?.('check documents');
    const set = { model, inventory, schemas: schemas ?? new Map() };
    return [...rows, ...(await schemaFindings(session, set, rows, signal))];
  };
  const isToRepair = (rows: readonly DataFinding[]) => onRepair !== undefined && repairs && rows.some(isRepairable);
  // rows and documents are told together, so they are of one moment
  const found = await atOneMoment(connection, async (session) => {
    const rows = await checkData(session, input, { signal });
    return isToRepair(rows) ? rows : withDocuments(session, rows);
  });
  if (!isToRepair(found)) return found;
  onRepair?.(found.filter(isRepairable));
  onProgress?.('repair rows');
  const left = await repairData(connection, input, { signal });
  return withDocuments(connection, left).catch((error: unknown) => {
    throw withKept(error, repaired);
  });
}

/** The service's triggers would write the rows again as they were. */
function repairRefused(label: string, { maker }: JudgedCatalog): Diagnostic {
  const text = `${label}: no row was repaired. The triggers are made by ${originNames[maker.kind]}, which would write the rows again as they are. Run dms-ddl adopt first.`;
  return diagnostic('CHECK_REPAIR_ADOPT_FIRST', text, {}, { label, maker: maker.kind });
}

function dataFailure(data: readonly DataFinding[] | null, label: string, isOurs: boolean): Diagnostic[] {
  if (data === null || data.length === 0) return [];
  const remedy = isOurs
    ? ' --repair recomputes the derived ones.'
    : ' After dms-ddl adopt, --repair recomputes the derived ones.';
  const repair = data.some(isRepairable) ? remedy : '';
  const text = `${label}: rows or documents are wrong (findings: ${data.length}). See the report.${repair}`;
  return [diagnostic('CHECK_DATA_DIFFERS', text, {}, { label, findings: data.length })];
}

/** What a finding counts: one, and many. */
const dataWords: Readonly<Record<DataFinding['kind'], readonly [string, string]>> = {
  documentWithoutRoot: ['document without a root row', 'documents without a root row'],
  rootWithoutDocument: ['root row without a document', 'root rows without a document'],
  foreignKey: [
    'row whose key finds no row, or a row with other values than it repeats',
    'rows whose key finds no row, or a row with other values than it repeats',
  ],
  orphan: ['row without a document', 'rows without a document'],
  discriminator: ['row with the name of another resource', 'rows with the name of another resource'],
  descriptorUri: [
    'row whose Uri is not made of its namespace and code value',
    'rows whose Uri is not made of their namespace and code value',
  ],
  descriptorResource: [
    'row with the key of another resource than its document',
    'rows with the key of another resource than their document',
  ],
  stamp: [
    'stamp that was not drawn yet, stands twice, or is a time that no clock can have shown',
    'stamps that were not drawn yet, stand twice, or are times that no clock can have shown',
  ],
  contentVersion: [
    'row with another content version than its document',
    'rows with another content version than their document',
  ],
  journal: [
    'document whose first or last change, or last change of identity, is missing, different or ahead of it',
    'documents whose first or last change, or last change of identity, is missing, different or ahead of them',
  ],
  cache: [
    'cached document that is not of its document, has other contents, or is ahead of it',
    'cached documents that are not of their document, have other contents, or are ahead of it',
  ],
  queue: [
    'queued document that is ahead of its document, or has impossible versions or times',
    'queued documents that are ahead of their document, or have impossible versions or times',
  ],
  referentialIdentity: [
    'document with another referential id than its values make',
    'documents with other referential ids than their values make',
  ],
  abstractIdentity: [
    'document whose row is missing, different or too many',
    'documents whose row is missing, different or too many',
  ],
  hierarchy: ['pair that is missing or too many', 'pairs that are missing or too many'],
  sequence: ['sequence that is behind a value that it gave out', 'sequences that are behind a value that they gave out'],
  trackedChange: [
    'recorded change that contradicts itself or its document',
    'recorded changes that contradict themselves or their document',
  ],
  unifiedValue: [
    'row with a unified value and no reference or flag for it, or the other way round',
    'rows with a unified value and no reference or flag for it, or the other way round',
  ],
  unwritableValue: ['row with a value that no document can hold', 'rows with a value that no document can hold'],
  equality: [
    'document with different values where an equality constraint of the schema requires one',
    'documents with different values where an equality constraint of the schema requires one',
  ],
  arrayUniqueness: ['document with equal items in an array', 'documents with equal items in an array'],
  documentSchema: [
    'document that the JSON schema of the resource refuses',
    'documents that the JSON schema of the resource refuses',
  ],
};

const causeWords: Readonly<Record<ServiceCause, string>> = {
  infiniteDate: "the service's triggers hash infinity instead of the date",
  cutTime: "the service's triggers hash times without their fraction",
  hierarchyOfService: "the service's triggers lose or keep pairs when organizations change together",
};

/** A hierarchy that the service's triggers keep differs for their reason, as far as the rows show. */
const leftByService = (finding: DataFinding): DataFinding =>
  finding.kind === 'hierarchy' ? { ...finding, cause: 'hierarchyOfService' } : finding;

/** One line for each finding, with the first documents. */
export function dataLines(data: readonly DataFinding[]): string[] {
  return data.map(({ kind, object, count, examples, repairable, cause }) => {
    const contested = !repairable && isDerived(kind) ? '; not recomputed, because other rows do not say which is right' : '';
    const more = count > examples.length ? `, and ${count - examples.length} more` : '';
    return `  ${object}: ${counted(count, ...dataWords[kind])} (${examples.join(', ')}${more})${cause === null ? '' : `; ${causeWords[cause]}`}${contested}`;
  });
}

/** The lines for people; with `all` every difference, otherwise at most 200. */
export function driftLines(drift: Drift, { all = false } = {}): string[] {
  const { catalog, diff, gate, reporting, preparation, data, failures } = drift;
  const rows =
    data === null ? [] : [`Rows: ${data.length === 0 ? 'ok' : counted(data.length, 'difference')}`, ...dataLines(data)];
  const result = failures.length === 0 ? 'passed' : 'failed';
  const views = reporting === null ? [] : [reportingLine(reporting)];
  const prepared = preparation === null ? [] : preparationLines(preparation);
  const found = [...diffText(catalog, diff, { all }).split('\n'), ...originLines(drift), ...views, ...prepared];
  return [...found, ...rows, `Gate: ${gate}`, `Check: ${result}`];
}

/** The form for machines, as JSON and in the file of a report: one line per difference. */
export function driftValue(drift: Drift) {
  const { dialect, effectiveSchemaHash, maker, leftovers, diff, gate, reporting, preparation, data, failures, diagnostics } =
    drift;
  const found = [...failures, ...diagnostics].map((entry) => {
    return { code: entry.code, severity: severityOf(entry), message: entry.message, where: entry.where };
  });
  return {
    dialect,
    effective_schema_hash: effectiveSchemaHash,
    result: failures.length === 0 ? 'passed' : 'failed',
    gate,
    maker: maker.kind,
    leftovers,
    differences: diff.differences,
    renames: diff.renames,
    ...(reporting === null ? {} : { reporting: reportingValue(reporting) }),
    ...(preparation === null ? {} : { preparation: preparationValue(preparation) }),
    ...(data === null ? {} : { data }),
    diagnostics: found,
  };
}

function driftText(drift: Drift): string {
  return listText({ check_format: 1, ...driftValue(drift) });
}
