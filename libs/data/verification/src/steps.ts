import type { EffectiveSchemaInfo } from '@dms/api-schema';
import { type Catalog, type CatalogDiff, diffCatalogs, diffText } from '@dms/catalog';
import {
  checkDatabase,
  driverCodeOf,
  type Introspected,
  introspect,
  isFailure,
  type Limits,
  limitedConnection,
  provision,
  readDatabaseState,
  rowsOf,
  serverTextOf,
  stateDiagnostic,
} from '@dms/databases';
import { append, type Diagnostic, type DmsError, diagnostic, mostExamples, mostShown } from '@dms/diagnostics';
import { defaultRandom } from '@dms/documents';
import { core } from '@dms/model';
import { dialectOf, givenScript, type PlainSql, type QualifiedName } from '@dms/sql';
import { sha256Hex } from '@dms/values';
import { BehaviourSession } from './behaviour/behaviour-session.ts';
import { checkCoreBehaviour } from './behaviour/core-behaviour.ts';
import { behaviourDiagnostics, type Failures } from './behaviour/failures.ts';
import { checkResourceBehaviour } from './behaviour/resource-behaviour.ts';
import { checkDocumentRoundTrips } from './documents/document-round-trips.ts';
import { documentsToTry, type TriedDocuments } from './documents/known-documents.ts';
import { checkReportingViews } from './documents/reporting-views.ts';
import { generations } from './generations.ts';
import { type ScratchDatabase, type ScratchOptions, withScratchDatabase } from './scratch-database.ts';
import { keySpaceOf } from './shapes/key-space.ts';
import { type KnownShapes, ShapeKeys } from './shapes/known-shapes.ts';
import { countsOfAll, readShapes, type ShapeReport } from './shapes/table-shapes.ts';
import { verificationDialects } from './verification-dialects.ts';
import type { VerificationInput } from './verification-input.ts';
import type { Behaviour, DocumentRoundTrips, VerificationStep } from './verification-report.ts';

/** State that the steps with a database share; `found` holds results that later steps use and the report shows. */
export interface EngineRun {
  readonly input: VerificationInput;
  readonly scratch: ScratchDatabase;
  readonly scratchOptions: ScratchOptions;
  readonly limits: Limits;
  readonly isStrict: boolean;
  /** Whether the catalog is also compared with the catalog of another engine. */
  readonly withReference: boolean;
  /** Whether every table is tried, not only some of each shape. */
  readonly triesEveryShape: boolean;
  /** The keys of what earlier runs have proved; undefined if such results are neither used nor kept. */
  readonly keys: ShapeKeys | undefined;
  /** Random documents per resource. */
  readonly randomDocuments: number | undefined;
  readonly found: {
    catalog: Catalog | null;
    diff: CatalogDiff | null;
    behaviour: Omit<Behaviour, 'failures'> | null;
    documents: DocumentRoundTrips | null;
    triedDocuments: TriedDocuments | null;
    readonly failures: Failures;
    readonly warnings: Diagnostic[];
  };
}

/** The reason why a step was skipped: it has no subject. */
interface Skipped {
  readonly skipped: string;
}

/** The findings of a step; empty when it passed. */
export type StepOutcome = readonly Diagnostic[] | Skipped;

const generationOf = ({ input }: EngineRun) => generations[infoOf(input).relationalMappingVersion];

const infoOf = ({ model }: VerificationInput): EffectiveSchemaInfo => model.effectiveSchema;

function provisionScript(run: EngineRun, script: string) {
  const { scratch, input, scratchOptions } = run;
  const { target, connection } = scratch;
  const { signal, retryDelays, load } = scratchOptions;
  return provision(
    target,
    { script, scriptSha256: null, catalog: input.catalog, info: infoOf(input) },
    // the session stays: an embedded database lives in it
    { verify: false, signal, retryDelays, load, open: async () => ({ ...connection, close: async () => undefined }) },
  );
}

function readState({ scratch, input, limits }: EngineRun) {
  return readDatabaseState(scratch.connection, infoOf(input), input.catalog.schemas, limits);
}

/** Returns the error of statements that must fail, or null if they did not. */
async function catchFailure(action: () => Promise<unknown>): Promise<DmsError | null> {
  try {
    await action();
    return null;
  } catch (error) {
    if (!isFailure(error, 'DB_SQL')) throw error;
    return error;
  }
}

/** The number of tables of resources in the script of `rolls-back`. */
const tablesToRollBack = 20;

/**
 * The beginning of a script: its core and some tables of resources. Whether a script that fails leaves anything does not
 * depend on the number of its tables, because no statement ends the transaction (S4).
 */
function beginningOf(script: string, tableStarts: RegExp): string {
  const ofResources = [...script.matchAll(tableStarts)].filter(([, schema]) => schema !== core.document.schema);
  return script.slice(0, ofResources[tablesToRollBack]?.index);
}

/** Step 2: a script that fails at its end leaves no objects. */
async function rollsBack(run: EngineRun): Promise<StepOutcome> {
  const { connection } = run.scratch;
  const { failing, leftQuery, tableStarts } = verificationDialects[connection.dialect];
  const { script } = run.input;
  const tried = tableStarts === null || run.triesEveryShape ? script : beginningOf(script, tableStarts);
  const failure = await catchFailure(() => provisionScript(run, `${tried}${failing.text}`));
  const wrong = (text: string, left: readonly string[]) => [diagnostic('VERIFY_NOT_ATOMIC', text, {}, { left })];
  if (failure === null)
    return wrong(`A statement that must fail with ${failing.code} at the end of the script did not.`, []);
  const state = await readState(run);
  const rows = leftQuery === null ? [] : await rowsOf<{ name: string }>(connection, leftQuery, run.limits);
  const objects = 'objects' in state ? state.objects.map(({ schema, kind, n }) => `${n} ${kind} in ${schema}`) : [];
  const left = [...(state.kind === 'empty' ? [] : objects.length > 0 ? objects : [`a database that is ${state.kind}`])];
  append(
    left,
    rows.map(({ name }) => name),
  );
  if (left.length === 0) return [];
  return wrong(`The script failed at its end (${driverCodeOf(failure)}), and this is left: ${left.join(', ')}.`, left);
}

/** Step 3: the script runs. */
async function applies(run: EngineRun): Promise<StepOutcome> {
  const { warnings } = await provisionScript(run, run.input.script);
  append(run.found.warnings, warnings);
  return [];
}

function differencesDiagnostic(actual: Catalog, diff: CatalogDiff, isStrict: boolean, of: string): Diagnostic[] {
  const counted = diff.differences.filter(
    ({ severity }) => severity === 'error' || (isStrict && severity === 'warning'),
  );
  if (counted.length === 0) return [];
  const details = counted.map(({ object, path, change, field = null }) => ({ object, path, change, field }));
  const text = `The script does not make ${of}.\n${diffText(actual, diff)}`;
  return [diagnostic('VERIFY_CATALOG_DIFFERS', text, {}, { differences: details })];
}

async function referenceCatalog(run: EngineRun): Promise<Introspected> {
  const { input, scratchOptions } = run;
  const { signal, retryDelays, load, open } = scratchOptions;
  const target = verificationDialects[input.dialect].referenceTarget ?? run.scratch.target;
  const options: ScratchOptions = { signal, retryDelays, load, open };
  return withScratchDatabase(target, options, async (scratch) => {
    const reference: EngineRun = { ...run, scratch };
    await provisionScript(reference, input.script);
    return introspect(scratch.connection, run.limits);
  });
}

/** Step 4: the script has made the desired catalog; on request, another engine makes the same one. */
async function matchesCatalog(run: EngineRun): Promise<StepOutcome> {
  const { found, isStrict } = run;
  const { catalog, diagnostics: warnings } = await introspect(run.scratch.connection, run.limits);
  const diff = diffCatalogs(run.input.catalog, catalog);
  found.catalog = catalog;
  found.diff = diff;
  append(found.warnings, warnings);
  const diagnostics = differencesDiagnostic(catalog, diff, isStrict, 'the desired catalog');
  if (!run.withReference) return diagnostics;
  const reference = await referenceCatalog(run);
  const other = diffCatalogs(reference.catalog, catalog, 'reference');
  if (diagnostics.length === 0 && other.differences.length > 0) found.diff = other;
  return [
    ...diagnostics,
    ...differencesDiagnostic(catalog, other, isStrict, 'the same catalog in the database of reference'),
  ];
}

/** Step 5: running the script again changes neither the catalog nor the kept rows. */
async function reapplies(run: EngineRun): Promise<StepOutcome> {
  const { connection } = run.scratch;
  const { catalog: before } = run.found;
  if (before === null) throw new Error('the catalog was not read');
  const session = new BehaviourSession(connection, run.limits);
  const { keptRows } = generationOf(run);
  const keptValues = () => session.rowsOfEach(keptRows);
  const rowsBefore = await keptValues();
  await provisionScript(run, run.input.script);
  const after = await introspect(connection, run.limits);
  const rowsAfter = await keptValues();
  const diff = diffCatalogs(before, after.catalog, 'reference');
  const changes = diff.differences.map(({ object, path, change }) => `${object} ${path.join('.')} ${change}`);
  for (const [index, { table, columns }] of keptRows.entries()) {
    if (JSON.stringify(rowsBefore[index]) === JSON.stringify(rowsAfter[index])) continue;
    changes.push(`${columns.join(', ')} of ${table.schema}.${table.name} changed`);
  }
  if (changes.length === 0) return [];
  const text = `The script, run again on what it has made, changes it: ${changes.slice(0, mostExamples).join('; ')}.`;
  return [diagnostic('VERIFY_NOT_IDEMPOTENT', text, {}, { changes })];
}

/** Step 6: the seed rows match the schema set. */
async function seeds(run: EngineRun): Promise<StepOutcome> {
  const state = await readState(run);
  if (state.kind === 'same') return [];
  const refused = stateDiagnostic(state, run.scratch.connection);
  const text = `The database has no seed rows: it is ${state.kind}.`;
  return [refused ?? diagnostic('PROVISION_PARTIAL_STATE', text, {}, { missing: [] })];
}

/** Another hash of 64 hex digits: the first digit is replaced. */
const otherHash = (hash: string) => `${hash.startsWith('0') ? '1' : '0'}${hash.slice(1)}`;

/** Step 7: the gate accepts the mapping set and no other one. */
async function passesGate(run: EngineRun): Promise<StepOutcome> {
  const { connection } = run.scratch;
  const info = infoOf(run.input);
  const changed = { ...info, effectiveSchemaHash: otherHash(info.effectiveSchemaHash) };
  const answers = [
    { what: 'the mapping set itself', info, deep: false, expected: 'ok' },
    { what: 'the mapping set itself, all rows compared', info, deep: true, expected: 'ok' },
    { what: 'a mapping set of another schema', info: changed, deep: false, expected: 'GATE_SCHEMA_MISMATCH' },
  ];
  const diagnostics: Diagnostic[] = [];
  for (const { what, info: asked, deep, expected } of answers) {
    const answer = await checkDatabase(connection, asked, { ...run.limits, deep });
    const found = answer?.code ?? 'ok';
    if (found === expected) continue;
    const reason = answer === null ? '' : `: ${answer.message}`;
    const text = `The gate must answer ${expected} to ${what}, and answers ${found}${reason}`;
    diagnostics.push(diagnostic('VERIFY_GATE', text, {}, { expected, found }));
  }
  return diagnostics;
}

/** The tables whose rows no other table deletes: with the documents, all rows of a set go except these records. */
const tablesOfStep = ({ inventory }: VerificationInput): readonly QualifiedName[] => [
  core.document,
  ...inventory.trackedChangeTables.map(({ table }) => table),
];

/** Runs behaviour checks and undoes their changes; a step that failed is the last one and may leave rows. */
async function behaviour(run: EngineRun, check: (session: BehaviourSession) => Promise<void>): Promise<StepOutcome> {
  const { connection } = run.scratch;
  const session = new BehaviourSession(connection, run.limits);
  const { step } = session.dialect;
  const { failures } = run.found;
  const from = failures.list.length;
  let made: readonly QualifiedName[] = [];
  await step.begin(connection);
  try {
    await check(session);
    if (failures.list.length === from) made = tablesOfStep(run.input);
  } finally {
    await step.end(connection, made);
  }
  return behaviourDiagnostics(failures, from);
}

/** Step 8: C1 to C18. */
async function checksCore(run: EngineRun): Promise<StepOutcome> {
  const { input } = run;
  if (input.model.effectiveSchema.resourceKeys.length === 0) return { skipped: 'no resource keys' };
  return behaviour(run, (session) => checkCoreBehaviour(session, input, run.found.failures, generationOf(run).core));
}

/** What a report says of a run that passed, and tried the tables that stand for others. */
type CountsOfRun = Pick<Behaviour, 'documents' | 'tablesFilled' | 'tablesSkipped'> & { readonly shapes: ShapeReport };

/** The keys of shapes in a run: they hold for the checks of this build, the engine, and the keys of the set. */
export function shapeKeys(
  known: KnownShapes,
  input: VerificationInput,
  { product, version }: { readonly product: string; readonly version: string },
): ShapeKeys {
  const { relationalMappingVersion } = infoOf(input);
  return new ShapeKeys(known, product, version, input.dialect, relationalMappingVersion, keySpaceOf(input));
}

/** The hash of all in an input that decides what `resource-behaviour` finds. */
const hashOfInput = ({ script, catalog, model, inventory }: VerificationInput): string =>
  sha256Hex(JSON.stringify([script, catalog, model, inventory]));

/** Step 9: R1 to R18; without a trial if an earlier run has proved the same script. */
async function checksResources(run: EngineRun): Promise<StepOutcome> {
  const { found, input, triesEveryShape, keys } = run;
  if (input.model.effectiveSchema.resourceKeys.length === 0) return { skipped: 'no resource keys' };
  const hash = keys === undefined ? '' : hashOfInput(input);
  const counts = keys?.countsOfRun(hash);
  if (counts != null) {
    const { shapes, ...known } = JSON.parse(counts) as CountsOfRun;
    found.behaviour = { ...known, shapes, triesEveryShape, knownShapes: 'all', provedShapes: [] };
    return [];
  }
  return behaviour(run, async (session) => {
    if (found.catalog === null) throw new Error('the catalog was not read');
    const choice = await readShapes(session, input, found.catalog, keys);
    const { resources } = generationOf(run);
    const chosen = triesEveryShape ? countsOfAll(choice) : choice;
    const tried = await checkResourceBehaviour(session, input, found.failures, resources, chosen);
    const { knownShapes, provedShapes, ...rest } = tried;
    const proved = [...provedShapes];
    if (keys && rest.shapes !== null && typeof rest.shapes !== 'string')
      proved.push(keys.ofRun(hash, JSON.stringify(rest)));
    found.behaviour = { ...rest, knownShapes, provedShapes: proved, triesEveryShape };
  });
}

/** What the steps `documents` and `reporting` try; it is the same for both. */
export function triedDocuments({ input, found, randomDocuments = defaultRandom, keys }: EngineRun): TriedDocuments {
  found.triedDocuments ??= documentsToTry(input, randomDocuments, keys);
  return found.triedDocuments;
}

/** Step 10: documents of every resource are written, read, replaced and removed by their plans (design 14 §4). */
async function roundTripsDocuments(run: EngineRun): Promise<StepOutcome> {
  const { input, limits, scratch, randomDocuments: random } = run;
  const { connection } = scratch;
  if (input.model.resources.length === 0) return { skipped: 'no resources' };
  const limited = limitedConnection(connection, limits);
  const { resources: tried } = triedDocuments(run);
  const found = await checkDocumentRoundTrips(limited, input.model, input.inventory, { random, tried });
  run.found.documents = found;
  return found.failures.map(({ resource, phase, found: text }) =>
    diagnostic(
      'VERIFY_BEHAVIOUR',
      `documents of ${resource}, ${phase}: ${text}`,
      { resource },
      { resource, phase, found: text },
    ),
  );
}

/** The error of a script on a database after some changes, or null; everything is rolled back. */
function tryScript(
  { scratch, limits }: EngineRun,
  before: readonly PlainSql[],
  script: string,
): Promise<DmsError | null> {
  const { connection } = scratch;
  return catchFailure(async () => {
    await connection.begin();
    try {
      for (const statement of before) await connection.execute(statement, limits);
      await connection.execute(givenScript(script), limits);
    } finally {
      await connection.rollback();
    }
  });
}

/**
 * Step 11: the script of another schema set is refused, the script is refused on a database that its generation does
 * not accept, and the database stays unchanged.
 */
async function rejectsOtherSchema(run: EngineRun): Promise<StepOutcome> {
  const { effectiveSchemaHash: hash } = infoOf(run.input);
  const other = otherHash(hash);
  const script = run.input.script.replaceAll(hash, other);
  const failure = await tryScript(run, [], script);
  const wrong = (text: string, found: string) => [diagnostic('VERIFY_ACCEPTS_OTHER_SCHEMA', text, {}, { found })];
  if (failure === null)
    return wrong('The script with another schema hash runs on the database of this one.', 'accepted');
  const { message } = failure.diagnostics[0];
  const said = serverTextOf(failure);
  if (!said.includes(hash) || !said.includes(other)) {
    return wrong(`The script with another schema hash fails, but does not name both hashes: ${message}`, message);
  }
  for (const { what, statements, names } of generationOf(run).refusedDatabases) {
    const changes = statements(dialectOf[run.input.dialect]);
    const refused = await tryScript(run, changes, run.input.script);
    if (refused !== null && serverTextOf(refused).includes(names)) continue;
    const found = refused?.diagnostics[0].message ?? 'accepted';
    return wrong(`The script must refuse a database ${what}, and name ${names}: ${found}`, found);
  }
  const state = await readState(run);
  if (state.kind === 'same') return [];
  return wrong(`After the script with another schema hash was refused, the database is ${state.kind}.`, state.kind);
}

/** Step 12: views of an ODS are applied, have rows that an ODS accepts, and are removed; documents stay (19 §9). */
async function makesReportingViews(run: EngineRun): Promise<StepOutcome> {
  const { input, scratch, scratchOptions, limits } = run;
  const { ods, model } = input;
  if (ods === undefined) return { skipped: 'no ods-mapping.json' };
  if (model.resources.length === 0) return { skipped: 'no resources' };
  const { resources: tried } = triedDocuments(run);
  const found = await checkReportingViews(scratch, { ...input, mapping: ods }, tried, limits, scratchOptions);
  return found.slice(0, mostShown).map((text) => diagnostic('VERIFY_REPORTING', text, {}, { problem: text }));
}

/** A step that needs a database. */
export type EngineStep = Exclude<VerificationStep, 'static'>;

export const engineSteps: Readonly<Record<EngineStep, (run: EngineRun) => Promise<StepOutcome>>> = {
  'rolls-back': rollsBack,
  apply: applies,
  catalog: matchesCatalog,
  reapply: reapplies,
  seed: seeds,
  gate: passesGate,
  'core-behaviour': checksCore,
  'resource-behaviour': checksResources,
  documents: roundTripsDocuments,
  'rejects-other-schema': rejectsOtherSchema,
  reporting: makesReportingViews,
};
