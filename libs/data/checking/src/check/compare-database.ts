import { type DocumentSchemas, type EffectiveSchemaManifest, resourceLabel } from '@dms/api-schema';
import {
  type Catalog,
  diffByOrigin,
  differenceCounts,
  driftAdvice,
  type JudgedCatalog,
  mixedText,
  originNames,
  shapeOfCatalog,
} from '@dms/catalog';
import {
  atOneMoment,
  type Connection,
  checkDatabase,
  collationFinding,
  expectNotCancelled,
  type GateDiagnostic,
  healthFindings,
  introspect,
  type Limits,
  type OtherShape,
  objectsText,
  otherShape,
  type RightPurpose,
  readDatabaseState,
  readProvisionedSet,
  roleFindings,
  roleRights,
  rolledBack,
  rowsOf,
  sequenceErrors,
  sequencesBehind,
  stateDiagnostic,
  withKept,
} from '@dms/databases';
import { append, counted, type Diagnostic, DmsError, diagnostic, mostExamples } from '@dms/diagnostics';
import {
  documentPlans,
  readUuids,
  schemaCheck,
  storedDocuments,
  uncheckedDocuments,
  warnOfMoments,
} from '@dms/documents';
import type { Inventory } from '@dms/inventory';
import { core, coreSchema, mustExist, type RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { dialectOf, type SqlDialect } from '@dms/sql';
import { checkData, repairData } from '../derived-rows/check-data.ts';
import { type DataFinding, isRepairable, isUnreadable, leftByService } from '../derived-rows/data-finding.ts';
import {
  type PreparationState,
  preparationState,
  type ReportingState,
  reportingFindings,
  reportingState,
} from './database-state.ts';

/** The required state of a database. */
interface WantedDatabase {
  readonly info: EffectiveSchemaManifest;
  readonly script: string;
  readonly catalog: Catalog;
  /** The catalog that the service's own tool makes from the schema set (design 09a §2.5); null if it makes none. */
  readonly service: () => Promise<Catalog | null>;
}

/** The schema set for the check of rows. */
interface WantedRows {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly schemas: DocumentSchemas;
}

/** The options of a comparison. */
interface ComparisonOptions {
  /** The gate compares all rows of the fingerprint. */
  readonly deep?: boolean | undefined;
  /** Recomputes rows that are derived from others; without it, no rows are read. */
  readonly rows?: WantedRows | undefined;
  /** Called with the derived rows that differ before a repair rewrites them; without it, nothing is rewritten. */
  readonly onRepair?: ((findings: readonly DataFinding[]) => void) | undefined;
  /** The purpose for which the rights of a role are checked. */
  readonly purpose?: RightPurpose | undefined;
  /** The role whose rights are checked; by default the role of the connection. */
  readonly role?: string | undefined;
  /** Warnings count as errors. */
  readonly strict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
  /** Called with warnings that matter before the work goes on; without it, warnings are in the result. */
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
}

/** The differences between a database and its provisioned state (design 09b §2.5). */
export interface Drift extends JudgedCatalog {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  /** The fingerprint of the database. */
  readonly catalog: Catalog;
  /** `ok`, or the code with which a server would refuse the database. */
  readonly gate: string;
  /**
   * Whether a comparison has no meaning: the database is empty, of another product, or of another version of the
   * mapping. Then no difference is listed.
   */
  readonly isStrange: boolean;
  /** How schema `dms` differs in shape from that of the schema set; then nothing is repaired. Null if it does not. */
  readonly otherShape: OtherShape | null;
  /** Null if it has no reporting views. */
  readonly reporting: ReportingState | null;
  /** Null if it has no reporting views of the earlier version. */
  readonly earlierReporting: ReportingState | null;
  /** Null if it is not prepared for an upgrade. */
  readonly preparation: PreparationState | null;
  /** The findings of the check of rows; null if they were not checked. After a repair, the remaining ones. */
  readonly data: readonly DataFinding[] | null;
  /** The number of documents whose rows were checked; null if no rows were checked. */
  readonly documents: number | null;
  /** The reasons why the database did not pass; empty if it did. */
  readonly failures: readonly Diagnostic[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compares the database of a session, which stays open. Its parts are read one after another, and a server shows
 * catalogs in their current state: so all of them are read again if the database was changed to another schema set or
 * moved to another shape meanwhile.
 */
export async function compareDatabase(
  connection: Connection,
  design: WantedDatabase,
  options: ComparisonOptions,
): Promise<Drift> {
  const limits = { signal: options.signal };
  const before = await readSetKey(connection, limits);
  const drift = await compareParts(connection, design, options);
  return (await readSetKey(connection, limits)) === before ? drift : compareParts(connection, design, options);
}

/** The current schema set of a database and its shape; null if they cannot be read. */
async function readSetKey(connection: Connection, limits: Limits): Promise<string | null> {
  try {
    const set = await readProvisionedSet(connection, limits);
    return set === null ? null : `${set.effectiveSchemaHash} ${set.shape?.name}`;
  } catch (error) {
    // the comparison reports the error
    if (error instanceof DmsError) return null;
    throw error;
  }
}

async function compareParts(
  connection: Connection,
  design: WantedDatabase,
  options: ComparisonOptions,
): Promise<Drift> {
  const { signal, deep, strict = false, onProgress } = options;
  onProgress?.('compare');
  const limits = { signal };
  const { catalog, reporting: views, prepared, diagnostics: found } = await introspect(connection, limits);
  const reporting = reportingState(views, design.info.effectiveSchemaHash);
  const earlierReporting = reportingState(views, design.info.effectiveSchemaHash, 'earlier');
  const { mappingVersion } = design.catalog;
  const collation = await collationFinding(connection, { ...limits, mappingVersion });
  const onWarning = strict ? undefined : options.onWarning;
  const moments = options.rows ? await warnOfMoments(connection, { onWarning }) : [];
  const gate = await checkDatabase(connection, design.info, { ...limits, deep });
  const asked = options.purpose === undefined ? [] : [options.purpose];
  // the comparison names missing objects; a check for a purpose lists them too
  const isProvisioned = gate === null && asked.length > 0;
  const rights = await roleRights(connection, design.catalog, { ...limits, role: options.role, isProvisioned });
  const surroundings = [
    ...roleFindings(connection, rights, asked),
    ...(await healthFindings(connection, 'check', {
      ...limits,
      mappingVersion,
      schemas: design.catalog.schemas,
      roles: design.catalog.roles,
      script: design.script,
      rights,
      asked,
      role: options.role,
    })),
  ];
  const warnings = surroundings.filter((entry) => entry.class === 'W');
  // a refusal by the gate is an error
  const diagnostics = [
    ...found,
    ...(collation?.class === 'W' ? [collation] : []),
    ...warnings,
    ...moments,
    ...reportingFindings(reporting, connection.label),
    ...reportingFindings(earlierReporting, connection.label),
  ];
  const shape = otherShape(shapeOfCatalog(catalog), design.info.relationalMappingVersion);
  const strange = gate !== null && shape === null ? await strangeDatabase(connection, design, limits) : null;
  const compared = await diffByOrigin(design.catalog, catalog, design.service);
  // a database of another version differs in almost every object
  const isStrange = strange !== null || (shape !== null && shape.stored !== 'mixed');
  const judged = isStrange ? { ...compared, diff: { differences: [], renames: [] } } : compared;
  // a check of the rows would only repeat the refusal of the gate
  const seeds = gate === null ? await seedFailure(connection, design, limits) : [];
  const { label } = connection;
  const isOurs = judged.maker.kind !== 'service' && judged.maker.kind !== 'mixed';
  const sequences = gate === null && !options.rows ? await sequenceFailures(connection, design, limits) : [];
  const unchecked: Diagnostic[] = [];
  const onUnchecked = (warning: Diagnostic) => void unchecked.push(warning);
  const checked =
    options.rows && gate === null
      ? await checkRows(connection, design, options.rows, { ...options, onUnchecked, repairs: isOurs })
      : null;
  diagnostics.push(...unchecked);
  const rows = checked?.findings ?? null;
  const data = judged.maker.kind === 'service' ? (rows?.map(leftByService) ?? null) : rows;
  const failures = [
    ...(shape === null ? catalogFailure(judged, [catalog, design.catalog], label, strict) : []),
    ...(gate?.code === 'GATE_NOT_PROVISIONED' && strange !== null ? [strange] : gateFailure(gate, label, shape)),
    ...seeds,
    ...surroundings.filter((entry) => entry.class !== 'W' && entry.code !== gate?.code),
    ...sequences,
    ...dataFailure(data, label, isOurs),
    ...(options.onRepair && !isOurs && data?.some(isRepairable) ? [repairRefused(label, judged)] : []),
    ...(strict ? diagnostics : []),
  ];
  return {
    dialect: connection.dialect,
    effectiveSchemaHash: design.info.effectiveSchemaHash,
    catalog,
    ...judged,
    gate: gate?.code ?? 'ok',
    isStrange,
    otherShape: shape,
    reporting,
    earlierReporting,
    preparation: preparationState(prepared),
    data,
    documents: checked?.documents ?? null,
    failures,
    diagnostics: strict ? [] : diagnostics,
  };
}

/**
 * The diagnostic for a database without the core schema: empty, or of another product (`GATE_NOT_PROVISIONED`). Null
 * for any other database, whose differences show its faults.
 */
async function strangeDatabase(
  connection: Connection,
  { info, catalog }: WantedDatabase,
  limits: Limits,
): Promise<Diagnostic | null> {
  const state = await readDatabaseState(connection, info, catalog.schemas, limits);
  if (state.kind !== 'empty' && state.kind !== 'foreign' && state.kind !== 'occupied') return null;
  const objects = state.kind === 'empty' ? [] : state.objects;
  if (objects.some(({ schema }) => schema === coreSchema)) return null;
  const { label } = connection;
  const found = objectsText(objects);
  const text =
    state.kind === 'empty'
      ? `${label}: the database is empty. Provision it.`
      : `${label}: the database is of another product (${found}). Name another database, or provision a new one.`;
  return diagnostic(
    'GATE_NOT_PROVISIONED',
    text,
    {},
    { missing: 'table', ...(found === '' ? {} : { objects: found }) },
  );
}

async function seedFailure(
  connection: Connection,
  { info, catalog }: WantedDatabase,
  limits: Limits,
): Promise<Diagnostic[]> {
  const found = stateDiagnostic(await readDatabaseState(connection, info, catalog.schemas, limits), connection);
  return found ? [found] : [];
}

/** The failures of sequences that are behind a value of a row; the check of rows reports these itself. */
async function sequenceFailures(
  connection: Connection,
  { catalog }: WantedDatabase,
  limits: Limits,
): Promise<Diagnostic[]> {
  return [...sequenceErrors(connection.label, await sequencesBehind(connection, catalog, limits))];
}

/** The rows of a database after their check. */
interface CheckedRows {
  readonly findings: readonly DataFinding[];
  readonly documents: number;
}

/** Checks derived rows of a database with this schema set; those of a database with another set cannot be checked. */
async function checkRows(
  connection: Connection,
  { catalog }: WantedDatabase,
  set: WantedRows,
  {
    signal,
    onProgress,
    onRepair,
    onUnchecked,
    repairs,
  }: ComparisonOptions & { readonly onUnchecked: (warning: Diagnostic) => void; readonly repairs: boolean },
): Promise<CheckedRows> {
  onProgress?.('check rows');
  const input = { model: set.model, inventory: set.inventory, catalog };
  const withDocuments = async (session: Connection, rows: readonly DataFinding[]): Promise<CheckedRows> => {
    onProgress?.('check documents');
    const findings = [...rows, ...(await schemaFindings(session, set, rows, onUnchecked, signal))];
    return { findings, documents: await documentCount(session, { signal }) };
  };
  const isToRepair = (rows: readonly DataFinding[]) => onRepair !== undefined && repairs && rows.some(isRepairable);
  // rows and documents are reported together, so both are read in one state of the database
  const found = await atOneMoment(connection, async (session) => {
    const rows = await checkData(session, input, { signal });
    return isToRepair(rows) ? { toRepair: rows.filter(isRepairable) } : withDocuments(session, rows);
  });
  if (!('toRepair' in found)) return found;
  onRepair?.(found.toRepair);
  onProgress?.('repair rows');
  const left = await repairData(connection, input, { signal });
  return withDocuments(connection, left).catch((error: unknown) => {
    throw withKept(error, repaired);
  });
}

async function documentCount(connection: Connection, limits: Limits): Promise<number> {
  const { sql } = dialectOf[connection.dialect];
  const [row] = await rowsOf<{ n: unknown }>(connection, sql`SELECT COUNT(*) AS n FROM ${core.document} AS d`, limits);
  return Number(row?.n);
}

/**
 * The documents that the JSON schemas of the set refuse, by resource, with the first error of each (design 09c §4).
 * Reads every document, page by page, in one state of the database. Returns no findings if the rows already contradict
 * each other.
 *
 * @param rows the findings of the check of rows
 */
function schemaFindings(
  session: Connection,
  { model, inventory, schemas }: WantedRows,
  rows: readonly DataFinding[],
  onUnchecked: (warning: Diagnostic) => void,
  signal?: AbortSignal,
): Promise<readonly DataFinding[]> {
  if (rows.some(isUnreadable)) return Promise.resolve([]);
  const plans = documentPlans(compileMappingSet(model), inventory);
  const check = schemaCheck(schemas);
  const connection = { ...session, isInTransaction: true };
  const checkResource = async (resource: RelationalModelSet['resources'][number]): Promise<DataFinding[]> => {
    const object = resourceLabel(resource.resourceKey);
    const examples: { readonly documentId: string; readonly path: string }[] = [];
    const unchecked: string[] = [];
    const keywords = new Set<string>();
    let count = 0;
    // the check of rows reports the documents that cannot be read
    for await (const page of storedDocuments(connection, plans, resource, { onUnreadable: () => undefined })) {
      expectNotCancelled(signal, 'The check of documents was cancelled.');
      const diagnostics = check.diagnosticsOf(
        object,
        page.map(({ document }) => ({ document, file: object, line: 1 })),
        (warning, index) => {
          unchecked.push(mustExist(page[index], 'a document of the page').documentId);
          for (const keyword of warning.details.keywords as readonly string[]) keywords.add(keyword);
        },
      );
      const wrong = page.flatMap(({ documentId }, index) =>
        (diagnostics[index] ?? []).slice(0, 1).map(({ where }) => ({ documentId, path: where.path ?? '$' })),
      );
      count += wrong.length;
      append(examples, wrong.slice(0, mostExamples - examples.length));
    }
    if (unchecked.length > 0) {
      const first = unchecked.slice(0, mostExamples);
      const uuids = await readUuids(session, first);
      const more = unchecked.length > first.length ? ['…'] : [];
      const named = [...first.map((id) => uuids.get(id) ?? id), ...more].join(', ');
      const which = `${session.label}: ${counted(unchecked.length, 'document was', 'documents were')} (${named})`;
      onUnchecked(uncheckedDocuments(which, { resource: object, keywords: [...keywords].sort() }));
    }
    if (count === 0) return [];
    const uuids = await readUuids(
      session,
      examples.map(({ documentId }) => documentId),
    );
    const named = examples.map(({ documentId, path }) => `${uuids.get(documentId) ?? documentId} ${path}`);
    return [{ kind: 'documentSchema', object, count, examples: named, repairable: false, cause: null }];
  };
  return rolledBack(
    session,
    async () => {
      const found: DataFinding[] = [];
      for (const resource of model.resources) found.push(...(await checkResource(resource)));
      return found;
    },
    'reading',
  );
}

function catalogFailure(
  { maker, diff }: JudgedCatalog,
  [live, wanted]: readonly [live: Catalog, wanted: Catalog],
  label: string,
  strict: boolean,
): Diagnostic[] {
  const counts = strict ? ['error', 'warning'] : ['error'];
  const { differences } = diff;
  const found = differences.filter(({ severity }) => counts.includes(severity));
  const mixed = mixedText(maker);
  const makers = { ours: maker.ours.length, service: maker.service.length };
  if (mixed !== null) return [diagnostic('CHECK_MAKERS_MIXED', `${label}: ${mixed}.`, {}, { label, ...makers })];
  if (found.length === 0) return [];
  const text = `${label}: the database is not what the schema set makes: ${differenceCounts(differences)}. See the report.${driftAdvice(live, wanted, diff)}`;
  return [diagnostic('VERIFY_CATALOG_DIFFERS', text, {}, { label, differences: found.length })];
}

/** The refusal by the gate; of a database with a mixed shape `CHECK_SHAPE_MIXED`, because its objects show the cause. */
function gateFailure(gate: GateDiagnostic | null, label: string, shape: OtherShape | null): Diagnostic[] {
  if (shape?.stored === 'mixed') {
    const text = `${label}: the database ${shape.finding}. Nothing is repaired. ${shape.whatToDo}`;
    return [diagnostic('CHECK_SHAPE_MIXED', text, {}, { label, expected: shape.expected })];
  }
  return gate === null ? [] : [diagnostic(gate.code, gate.message, {}, gate.details)];
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

/** The failure of a repair of rows, because the service's triggers would write the rows again as they are. */
function repairRefused(label: string, { maker }: JudgedCatalog): Diagnostic {
  const text = `${label}: no row was repaired. The triggers are made by ${originNames[maker.kind]}, which would write the rows again as they are. Run dms-ddl adopt first.`;
  return diagnostic('CHECK_REPAIR_ADOPT_FIRST', text, {}, { label, maker: maker.kind });
}

export const repaired = 'The derived rows are repaired. Run it again without --repair to see what is left.';

/**
 * The failure of a repair of a catalog that must be adopted first; undefined if its triggers and functions are ours.
 */
export function catalogRepairRefused(label: string, { maker }: Pick<JudgedCatalog, 'maker'>): Diagnostic | undefined {
  if (maker.kind !== 'service' && maker.kind !== 'mixed') return undefined;
  const text = `${label}: the catalog was not repaired. Its triggers and functions are made by ${originNames[maker.kind]}. Run dms-ddl adopt first, which makes them ours.`;
  return diagnostic('CHECK_REPAIR_ADOPT_FIRST', text, {}, { label, maker: maker.kind });
}
