import type { CheckedSet } from '@dms/checking';
import { core, fittingCopies, modelIndex, mustExist, qualified } from '@dms/model';
import type { IsAble } from '../shapes/column-classes.ts';
import { failedShapes, type ShapeReport, type TableChoice } from '../shapes/table-shapes.ts';
import type { RowText } from '../verification-dialect.ts';
import type { Behaviour } from '../verification-report.ts';
import { type BehaviourSession, isRefusedWith, outcomeText, type RowsOf, SelectedRows } from './behaviour-session.ts';
import {
  type CheckedWorld,
  copyTexts,
  type FurtherChecks,
  fullestDocuments,
  rowOf,
  type TriedTables,
  unstamped,
} from './checked-world.ts';
import { WorldValues } from './column-values.ts';
import { checkConstraints } from './constraint-checks.ts';
import { type CoreRows, recordable } from './core-tables.ts';
import { checkDeletions } from './deletion-checks.ts';
import { DerivedRows, type IdentityRows } from './derived-rows.ts';
import { DocumentRows, type StampRules } from './document-rows.ts';
import type { Failures } from './failures.ts';
import { checkHierarchy } from './hierarchy-checks.ts';
import {
  checkAliases,
  checkNewIdentities,
  identityColumns,
  otherIdentity,
  selectFollowers,
} from './identity-checks.ts';
import { checkKeyActions } from './key-actions.ts';
import { noKeyLeft, WorldKeys } from './keys.ts';
import { checkAbsence, fillOptionalValues } from './optional-values.ts';
import { checkOwnReferences } from './own-references.ts';
import { checkReferences } from './reference-checks.ts';
import { checkReferenceTargets } from './reference-targets.ts';
import { changeValues, checkStamping } from './stamping-checks.ts';
import { checkTriggers } from './trigger-checks.ts';
import { holdsThreeDocuments } from './trigger-rows.ts';
import { checkValueLimits } from './value-limits.ts';
import { buildWorld, type SkippedTable, type SpareDocument, type World, type WorldDocument } from './world.ts';
import { type RowReference, referenceTargets, type WorldTable, worldResources } from './world-tables.ts';

/** The rules of a generation for the behaviour of resources. */
export interface ResourceRules {
  readonly rows: CoreRows;
  readonly stamps: StampRules;
  /** The rows of the identity tables. */
  identities(set: CheckedSet): IdentityRows;
  /** Checks that only this generation has. */
  further(input: CheckedSet, session: BehaviourSession, failures: Failures): FurtherChecks;
}

/** The values of the full world start here, so that the two worlds share none. */
const valuesOfFullWorld = 100_000;

const triggersUnchecked: SkippedTable = {
  table: 'R17 and R18, all tables',
  reason: 'a superuser has to switch off the keys between resources',
};

/**
 * The checks of resources of design 09b §2.3. Adds every error to `failures`.
 *
 * @param shapes chooses the tables to try. Any other value means all tables, and is copied into the report.
 */
export async function checkResourceBehaviour(
  session: BehaviourSession,
  set: CheckedSet,
  failures: Failures,
  rules: ResourceRules,
  shapes: TableChoice | ShapeReport | string | null = null,
): Promise<Omit<Behaviour, 'failures' | 'triesEveryShape'>> {
  const { model, declaredType } = fittingCopies(set.model);
  const input = { ...set, model };
  const { inventory } = set;
  const keys = WorldKeys.of(input);
  const coreRows = recordable(rules.rows, inventory);
  const context = { session, documents: new DocumentRows(session), input, failures, coreRows, keys };
  // the columns of all rows, and the columns that a new identity may change
  const [selected, followers] = [new SelectedRows(), new SelectedRows()];
  for (const { table } of modelIndex(model).tables)
    selected.add(
      table.table,
      table.columns.map(({ name }) => name),
    );
  const identities = rules.identities(set);
  const derived = new DerivedRows(model, inventory, selected, identities);
  const further = rules.further(input, session, failures);
  derived.select(followers);
  selectFollowers(model, inventory, followers);
  for (const each of [selected, followers]) further.select(each);
  const readRows = async () => selected.rowsOf(await session.rowsOfEach(selected.selections));

  const checkWorlds = async () => {
    const sparse = await buildWorld(context);
    const values = new WorldValues(valuesOfFullWorld, true);
    const full = await buildWorld(context, { values, codeValue: 'Other Value' });
    const built = await readRows();
    checkAliases(context, built, 'R11', 'the insertion');
    const targetOf = optionalTargets(input, built, [full, sparse]);
    await fillOptionalValues(
      { session, failures, world: full, targetOf },
      ({ documentId }: WorldDocument, table: WorldTable) => rowOf({ rowsOf: built }, table, documentId) ?? {},
    );
    const chosen = typeof shapes === 'function' ? shapes(ableTables(full, holdsThreeDocuments(input))) : null;
    const tried: TriedTables = {
      triggers: (table) => chosen === null || chosen.triggers.has(table),
      columns: (table) => chosen === null || chosen.columns.has(table),
    };
    if (!rules.stamps.stampsUnchangedRows) await changeValues(context, full, tried.triggers);
    let spares: readonly SpareDocument[] = [];
    await failures.during('R1', 'the spare documents', async () => {
      spares = await addSpareDocuments({ ...context, full, rowsOf: built });
    });
    const stamps = await unstamped(context, rules.stamps, { isNoted: true });
    const rowsOf = await readRows();
    const world = {
      ...context,
      ...stamps,
      declaredType,
      sparse,
      full,
      spares,
      tried,
      derived,
      selected,
      followers,
      rowsOf,
    };
    await session.reading(followers.selections, () => checkWorld(world, further));
    const triedBefore = failures.untried.length;
    await further.beforeDeletions(world);
    await checkDeletions(world, further.keptTables);
    return { sparse, full, chosen, keptRows: failures.untried.length - triedBefore };
  };
  // R17 is faster without the rows, locks and plans of the worlds
  const { sparse, full, chosen, keptRows } = await (session.canUndo ? session.undone([], checkWorlds) : checkWorlds());
  const areTriggersChecked = await checkTriggers({
    ...context,
    chosen: chosen?.triggers ?? null,
    isKnown: (table) => chosen?.known.has(table) === true,
    rules: rules.stamps,
    identities,
    further,
  });
  const known = new Set(sparse.skipped.map(({ table }) => table));
  const tablesSkipped = [
    ...sparse.skipped,
    ...full.skipped.filter(({ table }) => !known.has(table)).map(ofFullWorld),
    ...failures.untried,
    ...(areTriggersChecked ? [] : [triggersUnchecked]),
  ];
  return {
    documents: sparse.documents.length,
    tablesFilled: sparse.documents.reduce((sum, { filled }) => sum + 1 + filled.length, 0),
    tablesSkipped,
    shapes:
      typeof shapes !== 'function'
        ? shapes
        : chosen && { ...chosen.counts, failed: failedShapes(input, chosen, failures.places) },
    knownShapes: chosen?.knownShapes ?? 0,
    // a later run has to leave out the same trials, so it makes all of them; deletions are tried in every run
    provedShapes: tablesSkipped.length === keptRows ? (chosen?.proved ?? []) : [],
  };
}

/** The tables that can hold every trial: they have a row in the full world, and room for the rows of R17. */
function ableTables({ documents, skipped }: World, hasRoom: IsAble): IsAble {
  const unfilled = new Set(skipped.map(({ table }) => table));
  const filled = new Set(documents.flatMap((entry) => [entry.root.name, ...entry.filled.map(({ name }) => name)]));
  return (table) => filled.has(table) && !unfilled.has(table) && hasRoom(table);
}

/**
 * The row to which an optional reference of the full world refers; a row of the other world if it would refer to
 * itself.
 */
function optionalTargets(
  { model }: CheckedSet,
  rowsOf: RowsOf,
  worlds: readonly World[],
): (reference: RowReference, documentId: number) => RowText | undefined {
  const targets = referenceTargets(model, worldResources(model));
  const ids = worlds.map(({ documents }) => new Map(documents.map(({ label, documentId }) => [label, documentId])));
  return ({ target }, documentId) => {
    const candidates = ids.flatMap((byLabel) =>
      (targets.get(qualified(target)) ?? []).flatMap(({ label }) => byLabel.get(label) ?? []),
    );
    const id = candidates.find((candidate) => candidate !== documentId);
    return id === undefined ? undefined : rowsOf(target).find((row) => Number(row.DocumentId) === id);
  };
}

/** Inserts a spare document for each resource that has a value of its own in its identity. */
async function addSpareDocuments(
  world: Pick<CheckedWorld, 'session' | 'documents' | 'input' | 'full' | 'rowsOf' | 'keys' | 'failures'>,
): Promise<readonly SpareDocument[]> {
  const { session, documents, full, keys, failures } = world;
  const made = full.documents.flatMap((entry) => {
    const columns = identityColumns(entry);
    if (columns.length === 0 || !rowOf(world, entry.root, entry.documentId)) return [];
    const values = otherIdentity(world, entry, keys);
    if (values === null) {
      failures.leaveOut(`${entry.root.name}, a row that nothing refers to`, noKeyLeft);
      return [];
    }
    const [first] = values.keys();
    const own = mustExist(
      columns.find(({ name }) => name === first),
      `the column in which rows of ${entry.label} differ`,
    );
    return [{ entry, own, values, uuid: documents.nextUuid() }];
  });
  if (made.length === 0) return [];
  const statements = made.flatMap(({ entry, values, uuid }) => copyTexts(world, entry, uuid, values));
  const where = session.among(
    'DocumentUuid',
    made.map(({ uuid }) => uuid),
  );
  const selections = [{ table: core.document, columns: ['DocumentId', 'DocumentUuid'], where }];
  const [found] = await session.observed([{ statements, selections }]);
  const ids = new Map((found?.[0] ?? []).map((row) => [row.DocumentUuid?.toLowerCase(), Number(row.DocumentId)]));
  return made.map(({ entry, own, uuid }) => ({ ...entry, own, documentId: ids.get(uuid) ?? Number.NaN, filled: [] }));
}

/** R4 to R9, R11 to R13, R16. */
async function checkWorld(world: CheckedWorld, further: FurtherChecks): Promise<void> {
  const { failures, derived } = world;
  derived.check(world.rowsOf, failures, null);
  further.check(world.rowsOf);
  const hierarchy = new SelectedRows();
  derived.selectHierarchy(hierarchy);
  const afterIdentity = (object: string, after: RowsOf) => further.afterIdentity(object, after, world.rowsOf);
  const during = (check: string, work: (world: CheckedWorld) => Promise<void>) =>
    failures.during(check, qualified(core.document), () => work(world));
  await during('R6', checkStamping);
  await during('R7', () => checkNewIdentities(world, afterIdentity));
  for (const document of fullestDocuments(world))
    await failures.during('R9', document.label, () => repeatedIdentity(world, document));
  await during('R12', checkConstraints);
  await during('R12', checkValueLimits);
  await during('R13', () => checkHierarchy(world, hierarchy));
  await during('R11', checkAbsence);
  await during('R16', checkReferences);
  await during('R16', checkOwnReferences);
  await during('R16', checkReferenceTargets);
  await during('R16', checkKeyActions);
}

/** R9: no other document can take the identity. */
async function repeatedIdentity(world: CheckedWorld, document: WorldDocument): Promise<void> {
  const { session, documents, failures } = world;
  const [outcome] = await session.trials([
    { statements: copyTexts(world, document, documents.nextUuid()), selections: [] },
  ]);
  const refused = outcome && 'code' in outcome ? outcome : null;
  const { unique } = session.dialect.codes;
  if (!isRefusedWith(refused, unique))
    failures.add('R9', document.label, `refused with ${unique}`, outcomeText(refused));
}

const ofFullWorld = ({ table, reason }: SkippedTable): SkippedTable => ({
  table: `${table}, with optional values`,
  reason,
});
