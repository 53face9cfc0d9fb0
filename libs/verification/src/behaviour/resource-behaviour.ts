import { piecesOf } from '@dms/canonical-json';
import type { Catalog } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import type { Inventory } from '@dms/inventory';
import { type Column, qualified, type RelationalModelSet } from '@dms/model';
import type { Behaviour } from '../report/verification-report.ts';
import type { RowText, Selection } from '../verification-dialect.ts';
import { type BehaviourSession, isRefusal, type ObservedChange, refusalText } from './behaviour-session.ts';
import { compareRows, DerivedRows } from './derived-rows.ts';
import { DocumentRows, type Observation, observationOf } from './document-rows.ts';
import type { Failures } from './failures.ts';
import { buildWorld, storedColumns, type World, type WorldDocument } from './world.ts';
import type { WorldTable } from './world-tables.ts';

export interface ResourceBehaviourInput {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly catalog: Catalog;
}

/** What happened since a look, and the versions before it. */
interface Look extends Observation {
  readonly before: Observation['versions'];
}

const referentialIds: Selection = {
  table: { schema: 'dms', name: 'ReferentialIdentity' },
  columns: ['ReferentialId', 'DocumentId', 'ResourceKeyId'],
};

const rowTexts = (rows: readonly RowText[]) => rows.map((row) => Object.values(row).join(', '));

/** Where one of them is refused, each is tried by itself. */
const deletedAtOnce = 50;

const seedTables = new Set(['dms.EffectiveSchema', 'dms.ResourceKey', 'dms.SchemaComponent']);

class ResourceChecks {
  private readonly session: BehaviourSession;
  private readonly documents: DocumentRows;
  private readonly derived: DerivedRows;
  private readonly failures: Failures;
  private readonly input: ResourceBehaviourInput;
  /** As they were at the last look. */
  private versions: Observation['versions'] = new Map();
  private lastEvent = 0;
  /** The referential ids. */
  private ids: readonly string[] = [];

  constructor(session: BehaviourSession, input: ResourceBehaviourInput, failures: Failures) {
    this.session = session;
    this.input = input;
    this.failures = failures;
    this.documents = new DocumentRows(session);
    this.derived = new DerivedRows(input.model, input.inventory);
  }

  async run(): Promise<Omit<Behaviour, 'failures'>> {
    const world = await buildWorld(this.session, this.documents, this.input.model, this.failures);
    await this.stampsOfWorld(world);
    await this.session.reading(this.derived.selections, (read) => this.checks(world, read));
    await this.deletions(world);
    return {
      documents: world.documents.length,
      tablesFilled: world.documents.reduce((sum, { filled }) => sum + 1 + filled.length, 0),
      tablesSkipped: world.skipped,
    };
  }

  /** R4 to R9; `read` gives the rows of `DerivedRows`. */
  private async checks(world: World, read: () => Promise<readonly (readonly RowText[])[]>): Promise<void> {
    this.derived.check(await read(), this.failures, null);
    const each = async (check: string, work: (document: WorldDocument) => Promise<void>) => {
      for (const document of world.documents) await this.failures.during(check, document.label, () => work(document));
    };
    this.ids = rowTexts(await this.session.rows(referentialIds));
    await each('R6', (document) => this.rootToItself(document));
    await each('R7', async (document) => {
      const changed = await this.newIdentity(document, world);
      if (changed !== null) this.derived.check(await read(), this.failures, 'R7', `a new ${changed} of ${document.label}`);
    });
    await each('R8', (document) => this.childrenToThemselves(document));
    await this.withoutRows(world.documents.flatMap(({ filled }) => filled));
    await each('R9', (document) => this.repeatedIdentity(document));
  }

  private seen({ versions, events }: Observation): Look {
    const before = this.versions;
    const later = events.filter(({ version }) => version > this.lastEvent);
    this.versions = versions;
    this.lastEvent = later.at(-1)?.version ?? this.lastEvent;
    return { before, versions, events: later };
  }

  /** What happened since the last look. */
  private async observe(): Promise<Look> {
    return this.seen(observationOf(await this.session.rowsOfEach(this.documents.selectionsSince(this.lastEvent))));
  }

  /** Statements, and what is read after them for `stampedOnce` and its like. */
  private observed(statements: readonly string[], others: readonly Selection[] = []): ObservedChange {
    return { statements, selections: [...this.documents.selectionsSince(this.lastEvent), ...others] };
  }

  /** R3: inserting the root row stamps nothing, each row below it once; the last event is that of the current version. */
  private async stampsOfWorld(world: World): Promise<void> {
    const { events, versions } = await this.observe();
    for (const { label, documentId, filled } of world.documents) {
      const own = events.filter((event) => event.documentId === documentId);
      this.failures.equal('R3', label, counted(filled.length + 1, 'event'), counted(own.length, 'event'));
      this.failures.equal('R3', `${label}, last event`, versions.get(documentId)?.content, own.at(-1)?.version);
    }
  }

  private updateText({ table }: WorldTable, assignment: string, condition: string): string {
    return `UPDATE ${this.session.table(table.table)} SET ${assignment} WHERE ${condition}`;
  }

  private setToItself({ table }: WorldTable): string {
    const keys = new Set<string>(table.key.columns.map(({ name }) => name));
    const stored = storedColumns(table);
    const column = this.session.quote(stored.find((name) => !keys.has(name)) ?? stored.at(-1) ?? '');
    return `${column} = ${column}`;
  }

  /** The rows of a table that belong to a document: by the first column of its key. */
  private ofDocument({ table }: WorldTable, documentId: number): string {
    return `${this.session.quote(table.key.columns[0]?.name ?? '')} = ${documentId}`;
  }

  /** Whether exactly this document has a new content version, its identity version is kept, and there is one event, of it. */
  private stampedOnce(check: string, object: string, documentId: number, { before, versions, events }: Look): void {
    const changed = [...versions].filter(([id, { content, identity }]) => {
      const was = before.get(id);
      return was?.content !== content || was.identity !== identity;
    });
    this.failures.equal(check, `${object}, events`, `document ${documentId}: 1`, eventsText(events));
    const [was, is] = [before.get(documentId), versions.get(documentId)];
    const isRight = was && is && changed.length === 1 && is.content > was.content && is.identity === was.identity;
    if (isRight) return;
    const found = changed.map(([id, entry]) => `${id}: ${JSON.stringify(entry)}`).join('; ');
    this.failures.add(check, object, `a greater content version of document ${documentId} alone`, found || 'no change');
  }

  /** R6: an update of a root row that changes nothing is an event all the same, and no other identity. */
  private async rootToItself({ label, root, documentId }: WorldDocument): Promise<void> {
    const update = this.updateText(root, this.setToItself(root), this.ofDocument(root, documentId));
    const [rows = []] = await this.session.observed([this.observed([update], [referentialIds])]);
    this.stampedOnce('R6', label, documentId, this.seen(observationOf(rows)));
    const ids = rowTexts(rows[2] ?? []);
    compareRows(this.failures, 'R6', `${label}, referential ids`, this.ids, ids);
    this.ids = ids;
  }

  /** The first identity column of a resource that is its own: an integer or a string that no reference fills. */
  private ownIdentityColumn({ root, resource }: WorldDocument): Column | undefined {
    const { triggers } = this.input.inventory;
    const trigger = triggers.find(
      (entry) => entry.kind === 'ReferentialIdentityMaintenance' && qualified(entry.table) === qualified(root.table.table),
    );
    if (trigger?.kind !== 'ReferentialIdentityMaintenance') return undefined;
    const columns = new Map<string, Column>(root.table.columns.map((column) => [column.name, column]));
    const bound = new Set<string>(
      resource.documentReferenceBindings
        .filter(({ table }) => qualified(table) === qualified(root.table.table))
        .flatMap(({ identityBindings }) => identityBindings.map(({ column }) => column)),
    );
    // a canonical column that a key of a reference holds as well is not the resource's own
    for (const key of root.table.constraints)
      if (key.kind === 'ForeignKey' && key.onDelete !== 'Cascade') for (const name of key.columns) bound.add(name);
    return trigger.identityElements
      .filter(({ column, isDescriptor }) => !isDescriptor && !bound.has(column))
      .flatMap(({ column }) => columns.get(column) ?? [])
      .find(
        ({ storage, scalarType }) =>
          storage.kind === 'Stored' && scalarType !== null && ['Int32', 'Int64', 'String'].includes(scalarType.kind),
      );
  }

  /** R7: a new identity is everywhere at once, or refused as a whole. Gives the column that was changed. */
  private async newIdentity(document: WorldDocument, { values }: World): Promise<string | null> {
    const { label, root, documentId } = document;
    const column = this.ownIdentityColumn(document);
    if (!column || column.scalarType === null) return null;
    const assignment = `${this.session.quote(column.name)} = ${this.session.literal(values.next(column.scalarType))}`;
    const update = this.updateText(root, assignment, this.ofDocument(root, documentId));
    const outcome = await this.session.attempt(this.observed([update]));
    if ('code' in outcome) {
      const { foreignKey } = this.session.dialect.codes;
      if (!isRefusal(outcome, foreignKey)) {
        this.failures.add('R7', label, `accepted, or refused with ${foreignKey}`, refusalText(outcome));
      }
      const { before, versions } = await this.observe();
      this.failures.equal('R7', `${label}, versions`, [...before], [...versions]);
      return null;
    }
    const { before, versions } = this.seen(observationOf(outcome));
    const was = before.get(documentId);
    const is = versions.get(documentId);
    if (!was || !is || is.content <= was.content || is.identity <= was.identity) {
      this.failures.add('R7', label, `versions greater than ${JSON.stringify(was)}`, JSON.stringify(is));
    }
    return column.name;
  }

  /** R8: a row below a root stamps its document and no other. */
  private async childrenToThemselves({ documentId, filled }: WorldDocument): Promise<void> {
    if (filled.length === 0) return;
    const updates = filled.map((child) => this.updateText(child, this.setToItself(child), this.ofDocument(child, documentId)));
    const observed = await this.session.observed(updates.map((update) => this.observed([update])));
    for (const [index, child] of filled.entries()) {
      const look = this.seen(observationOf(observed[index] ?? []));
      this.stampedOnce('R8', qualified(child.table.table), documentId, look);
    }
  }

  /** R8: updates without rows do nothing. All are run before one look; only where something happened each gets its own. */
  private async withoutRows(children: readonly WorldTable[]): Promise<void> {
    const updates = children.map((child) => this.updateText(child, this.setToItself(child), '1 = 0'));
    const outcome = await this.session.attempt(this.observed(updates));
    const look = 'code' in outcome ? null : this.seen(observationOf(outcome));
    if (look !== null && look.events.length === 0 && isSame(look.before, look.versions)) return;
    const [only] = children;
    if (only === undefined) return;
    if (children.length > 1) {
      for (const child of children) await this.withoutRows([child]);
      return;
    }
    const name = `${qualified(only.table.table)}, no row`;
    if ('code' in outcome) this.failures.add('R8', name, 'accepted', refusalText(outcome));
    else if (look) {
      this.failures.equal('R8', name, [...look.before], [...look.versions]);
      this.failures.equal('R8', `${name}, events`, 'none', eventsText(look.events));
    }
  }

  /** R9: nobody else takes the identity. */
  private async repeatedIdentity({ label, root, resource, documentId }: WorldDocument): Promise<void> {
    const { session, documents } = this;
    const columns = storedColumns(root.table).filter((name) => name !== 'DocumentId');
    const names = ['DocumentId', ...columns].map((name) => session.quote(name)).join(', ');
    const uuid = documents.nextUuid();
    const values = [documents.idExpression(uuid), ...columns.map((name) => session.quote(name))].join(', ');
    const table = session.table(root.table.table);
    const refusal = await session.refusal(
      documents.insertText(uuid, resource.resourceKey.id),
      `INSERT INTO ${table} (${names}) SELECT ${values} FROM ${table} WHERE ${this.ofDocument(root, documentId)}`,
    );
    const { unique } = session.dialect.codes;
    if (!isRefusal(refusal, unique)) this.failures.add('R9', label, `refused with ${unique}`, refusalText(refusal));
    if (refusal === null) await session.change(documents.deleteText(documents.idExpression(uuid)));
  }

  /** R10: everything goes with its documents, in some order. */
  private async deletions({ documents, descriptorId }: World): Promise<void> {
    const all = documents.map(({ documentId, label }) => ({ documentId, label })).reverse();
    all.push({ documentId: descriptorId, label: 'the descriptor' });
    let left: typeof all = [];
    for (const some of piecesOf(all, deletedAtOnce)) {
      const refusal = await this.session.refusal(...some.map(({ documentId }) => this.documents.deleteText(documentId)));
      if (refusal !== null) left.push(...some);
    }
    for (let isShrinking = true; isShrinking && left.length > 0; ) {
      const refused: typeof left = [];
      for (const entry of left) {
        const refusal = await this.session.refusal(this.documents.deleteText(entry.documentId));
        if (refusal === null) continue;
        refused.push(entry);
        const { foreignKey } = this.session.dialect.codes;
        if (!isRefusal(refusal, foreignKey)) {
          this.failures.add('R10', entry.label, 'deleted', refusalText(refusal));
        }
      }
      isShrinking = refused.length < left.length;
      left = refused;
    }
    for (const { label } of left) this.failures.add('R10', label, 'deleted', 'other rows still refer to it');
    const tables = this.input.catalog.tables.filter(({ schema, name }) => !seedTables.has(`${schema}.${name}`));
    const counts = await this.session.counts(tables);
    counts.forEach((count, index) => {
      const { schema = '', name = '' } = tables[index] ?? {};
      if (count > 0) this.failures.add('R10', `${schema}.${name}`, 'no row', counted(count, 'row'));
    });
  }
}

const isSame = (before: Observation['versions'], after: Observation['versions']) =>
  before.size === after.size &&
  [...after].every(([id, { content, identity }]) => {
    const was = before.get(id);
    return was?.content === content && was.identity === identity;
  });

/** How many events each document got. */
function eventsText(events: Observation['events']): string {
  const counts = new Map<number, number>();
  for (const { documentId } of events) counts.set(documentId, (counts.get(documentId) ?? 0) + 1);
  return [...counts].map(([documentId, count]) => `document ${documentId}: ${count}`).join(', ') || 'none';
}

/** R1 to R10 of design 09 §7.3. What is not as it must be goes to `failures`. */
export function checkResourceBehaviour(
  session: BehaviourSession,
  input: ResourceBehaviourInput,
  failures: Failures,
): Promise<Omit<Behaviour, 'failures'>> {
  return new ResourceChecks(session, input, failures).run();
}
