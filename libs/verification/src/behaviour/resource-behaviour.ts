import type { Inventory } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import type { CheckedSet } from '../verification-input.ts';
import type { Behaviour } from '../verification-report.ts';
import { type BehaviourSession, isRefusal, type RowsOf, refusalText, SelectedRows } from './behaviour-session.ts';
import { type CheckedWorld, copyTexts, rowOf } from './checked-world.ts';
import { otherValue, WorldValues } from './column-values.ts';
import { checkConstraints } from './constraint-checks.ts';
import type { CoreRows } from './core-tables.ts';
import { checkDeletions } from './deletion-checks.ts';
import { DerivedRows, type IdentityRows } from './derived-rows.ts';
import { DocumentRows, DrawnVersions, type StampRules, type StampsOf } from './document-rows.ts';
import type { Failures } from './failures.ts';
import { checkHierarchy } from './hierarchy-checks.ts';
import { checkAliases, checkNewIdentities, identityColumns, selectFollowers } from './identity-checks.ts';
import { checkKeyActions } from './key-actions.ts';
import { checkAbsence, fillOptionalValues } from './optional-values.ts';
import { checkReferences } from './reference-checks.ts';
import { changeValues, checkStamping } from './stamping-checks.ts';
import { checkTriggers } from './trigger-checks.ts';
import { checkValueLimits } from './value-limits.ts';
import { buildWorld, type SkippedTable, type SpareDocument, type World, type WorldDocument } from './world.ts';
import { type RowReference, referenceTargets, type WorldTable, worldResources } from './world-tables.ts';

/** What a generation says about the behaviour of resources. */
export interface ResourceRules {
  readonly rows: CoreRows;
  readonly stamps: StampRules;
  /** The rows that are kept of identities alone. */
  identities(inventory: Inventory): IdentityRows;
  /** Checks that only this generation has. */
  further(input: CheckedSet, session: BehaviourSession, failures: Failures): FurtherChecks;
}

/** The additional checks of a generation, at the points where their rows exist. */
interface FurtherChecks {
  /** Adds columns and rows that must be read together with all rows. */
  select(selected: SelectedRows): void;
  /** On the rows of both worlds. */
  check(rowsOf: RowsOf): void;
  /** After a new identity; `before` are the rows of the worlds. */
  afterIdentity(object: string, after: RowsOf, before: RowsOf): void;
  /** Adds what `keyChanges` needs to know of a root table. */
  selectKeyChanges(table: QualifiedName, selected: SelectedRows): void;
  /** After new identities of rows of one root table. */
  keyChanges(object: string, table: QualifiedName, after: RowsOf, before: RowsOf): void;
  /** Runs when only deletions follow. */
  beforeDeletions(world: CheckedWorld): Promise<void>;
  /** Tables that keep rows after all documents are deleted. */
  readonly keptTables: ReadonlySet<string>;
}

/** The two worlds must not share a value. */
const valuesOfFullWorld = 100_000;

/**
 * The row that an optional reference of the full world names: a row of that world, or of the other where a document
 * would name itself.
 */
function optionalTargets(
  { model }: CheckedSet,
  rowsOf: RowsOf,
  sparse: World,
  full: World,
): (reference: RowReference, documentId: number) => RowText | undefined {
  const targets = referenceTargets(model, worldResources(model));
  const ids = [full, sparse].map(
    ({ documents }) => new Map(documents.map(({ label, documentId }) => [label, documentId])),
  );
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
  world: Pick<CheckedWorld, 'session' | 'documents' | 'input' | 'full' | 'rowsOf'>,
): Promise<readonly SpareDocument[]> {
  const { session, documents, full, rowsOf } = world;
  const made = full.documents.flatMap((entry) => {
    const own = identityColumns(entry).find(({ scalarType }) => scalarType && scalarType.kind !== 'Boolean');
    if (!own?.scalarType || !rowOf(world, entry.root, entry.documentId)) return [];
    const taken = new Set(rowsOf(entry.root.table.table).map((row) => row[own.name] ?? null));
    return [{ entry, own, value: otherValue(own.scalarType, full.values, taken), uuid: documents.nextUuid() }];
  });
  if (made.length === 0) return [];
  const statements = made.flatMap(({ entry, own, value, uuid }) =>
    copyTexts(world, entry, uuid, new Map([[own.name, session.literal(value)]])),
  );
  const where = `${session.quote('DocumentUuid')} IN (${made.map(({ uuid }) => session.literal(uuid)).join(', ')})`;
  const selections = [{ table: core.document, columns: ['DocumentId', 'DocumentUuid'], where }];
  const [found] = await session.observed([{ statements, selections }]);
  const ids = new Map((found?.[0] ?? []).map((row) => [row.DocumentUuid?.toLowerCase(), Number(row.DocumentId)]));
  return made.map(({ entry, own, uuid }) => ({ ...entry, own, documentId: ids.get(uuid) ?? Number.NaN, filled: [] }));
}

/** R9: no other document can take the identity. */
async function repeatedIdentity(world: CheckedWorld, document: WorldDocument): Promise<void> {
  const { session, documents, failures } = world;
  const [outcome] = await session.trials([
    { statements: copyTexts(world, document, documents.nextUuid()), selections: [] },
  ]);
  const refusal = outcome && 'code' in outcome ? outcome : null;
  const { unique } = session.dialect.codes;
  if (!isRefusal(refusal, unique)) failures.add('R9', document.label, `refused with ${unique}`, refusalText(refusal));
}

const triggersUnchecked: SkippedTable = {
  table: 'R17, all tables',
  reason: 'a superuser has to switch off the keys between resources',
};

class ResourceChecks {
  private readonly session: BehaviourSession;
  private readonly documents: DocumentRows;
  private readonly failures: Failures;
  private readonly input: CheckedSet;
  private readonly rules: ResourceRules;
  private readonly further: FurtherChecks;
  /** All rows. */
  private readonly selected = new SelectedRows();
  /** What may follow from a new identity. */
  private readonly followers = new SelectedRows();
  private readonly identities: IdentityRows;
  private readonly derived: DerivedRows;

  constructor(session: BehaviourSession, input: CheckedSet, failures: Failures, rules: ResourceRules) {
    this.session = session;
    this.input = input;
    this.failures = failures;
    this.rules = rules;
    this.documents = new DocumentRows(session);
    for (const { tablesInDependencyOrder } of input.model.resources)
      for (const { table, columns } of tablesInDependencyOrder)
        this.selected.add(
          table,
          columns.map(({ name }) => name),
        );
    this.identities = rules.identities(input.inventory);
    this.derived = new DerivedRows(input.model, input.inventory, this.selected, this.identities);
    this.further = rules.further(input, session, failures);
    this.derived.select(this.followers);
    selectFollowers(input.model, input.inventory, this.followers);
    for (const selected of [this.selected, this.followers]) this.further.select(selected);
  }

  private async rows(): Promise<RowsOf> {
    return this.selected.rowsOf(await this.session.rowsOfEach(this.selected.selections));
  }

  private build(options: { readonly values?: WorldValues; readonly codeValue?: string } = {}): Promise<World> {
    const { session, documents, failures, rules } = this;
    return buildWorld(session, documents, { model: this.input.model, coreRows: rules.rows }, failures, options);
  }

  async run(): Promise<Omit<Behaviour, 'failures'>> {
    const sparse = await this.build();
    const full = await this.build({ values: new WorldValues(valuesOfFullWorld, true), codeValue: 'Other Value' });
    const rowsOf = await this.rows();
    await this.fill(sparse, full, rowsOf);
    if (!this.rules.stamps.stampsUnchangedRows)
      await changeValues({ session: this.session, input: this.input, failures: this.failures, full });
    const world = await this.world(sparse, full, await this.spares(full, rowsOf));
    await this.session.reading(this.followers.selections, () => this.checks(world));
    await this.further.beforeDeletions(world);
    await checkDeletions(world, this.further.keptTables);
    const areTriggersChecked = await this.triggersAlone();
    return {
      documents: sparse.documents.length,
      tablesFilled: sparse.documents.reduce((sum, { filled }) => sum + 1 + filled.length, 0),
      tablesSkipped: areTriggersChecked ? sparse.skipped : [...sparse.skipped, triggersUnchecked],
    };
  }

  private triggersAlone(): Promise<boolean> {
    const { session, documents, input, failures, rules, identities, further } = this;
    return checkTriggers({
      session,
      documents,
      input,
      failures,
      coreRows: rules.rows,
      stamps: rules.stamps,
      identities,
      selectKeyChanges: (table, selected) => further.selectKeyChanges(table, selected),
      keyChanges: (object, table, after, before) => further.keyChanges(object, table, after, before),
    });
  }

  /** R11: fills all optional values in the rows of one world. */
  private async fill(sparse: World, full: World, rowsOf: RowsOf): Promise<void> {
    const { session, failures, input } = this;
    checkAliases({ input, failures }, rowsOf, 'R11', 'the insertion');
    const targetOf = optionalTargets(input, rowsOf, sparse, full);
    const rowIn = ({ documentId }: WorldDocument, table: WorldTable) => rowOf({ rowsOf }, table, documentId) ?? {};
    await fillOptionalValues({ session, failures, world: full, targetOf }, rowIn);
  }

  private async spares(full: World, rowsOf: RowsOf): Promise<readonly SpareDocument[]> {
    const { session, documents, input, failures } = this;
    let spares: readonly SpareDocument[] = [];
    await failures.during('R1', 'the spare documents', async () => {
      spares = await addSpareDocuments({ session, documents, input, full, rowsOf });
    });
    return spares;
  }

  /** The worlds after everything is built, with all times set far into the past. */
  private async world(sparse: World, full: World, spares: readonly SpareDocument[]): Promise<CheckedWorld> {
    const { session, documents, failures, input, rules, derived, selected } = this;
    const before = await documents.stamps();
    const maximum = Math.max(0, ...[...before.values()].flatMap(({ content, identity }) => [content, identity]));
    const watch = rules.stamps.watch(session, input.model, input.inventory, maximum);
    const faultsNoted = async (others: StampsOf) => {
      const noted = await session.rowsOfEach(watch.selections(null));
      for (const fault of watch.faults(noted, new Map(), others, false))
        failures.add('R3', core.document.name, 'the records of stamps', fault);
    };
    await faultsNoted(before);
    await session.change(documents.forgetTimes, ...watch.forgetTimes(null));
    const stamps = await documents.stamps();
    const unstampedTime = [...stamps.values()][0]?.contentTime ?? '';
    const rowsOf = await this.rows();
    const world = {
      session,
      documents,
      input,
      failures,
      rules: rules.stamps,
      coreRows: rules.rows,
      sparse,
      full,
      spares,
      derived,
      selected,
      followers: this.followers,
      rowsOf,
      stamps,
      maximum,
      drawn: new DrawnVersions(maximum),
      unstampedTime,
      now: await session.transactionTime(),
      watch,
    };
    await faultsNoted(stamps);
    return world;
  }

  /** R4 to R9, R11 to R13, R16. */
  private async checks(world: CheckedWorld): Promise<void> {
    const { failures, derived, further } = this;
    derived.check(world.rowsOf, failures, null);
    further.check(world.rowsOf);
    const all = qualified(core.document);
    await failures.during('R6', all, () => checkStamping(world));
    await failures.during('R7', all, () =>
      checkNewIdentities(world, (object, after) => further.afterIdentity(object, after, world.rowsOf)),
    );
    for (const document of world.full.documents)
      await failures.during('R9', document.label, () => repeatedIdentity(world, document));
    await failures.during('R12', all, () => checkConstraints(world));
    await failures.during('R12', all, () => checkValueLimits(world));
    const hierarchy = new SelectedRows();
    derived.selectHierarchy(hierarchy);
    await failures.during('R13', all, () => checkHierarchy(world, hierarchy));
    await failures.during('R11', all, () => checkAbsence(world));
    await failures.during('R16', all, () => checkReferences(world));
    await failures.during('R16', all, () => checkKeyActions(world));
  }
}

/** The checks of resources of design 09 §7.3. Everything wrong is added to `failures`. */
export function checkResourceBehaviour(
  session: BehaviourSession,
  input: CheckedSet,
  failures: Failures,
  rules: ResourceRules,
): Promise<Omit<Behaviour, 'failures'>> {
  return new ResourceChecks(session, input, failures, rules).run();
}
