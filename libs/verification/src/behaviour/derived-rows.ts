import { compareOrdinal } from '@dms/canonical-json';
import { authTable, type Inventory, type ReferentialIdentityTrigger } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { BehaviourSession, RowText } from './behaviour-session.ts';
import type { Failures } from './failures.ts';
import { referentialRows } from './referential-id.ts';

/** Texts that one side has and the other has not. */
interface SetDifference {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

function setDifference(expected: Iterable<string>, found: Iterable<string>): SetDifference {
  const [wanted, was] = [new Set(expected), new Set(found)];
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].filter((entry) => !other.has(entry)).sort(compareOrdinal);
  return { missing: only(wanted, was), extra: only(was, wanted) };
}

const shownEntries = 5;

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return 'none';
  const more = entries.length > shownEntries ? ` and ${entries.length - shownEntries} more` : '';
  return `${entries.slice(0, shownEntries).join('; ')}${more}`;
}

const rowText = (columns: readonly string[], row: RowText) => columns.map((name) => row[name] ?? 'NULL').join(', ');

/** What triggers keep beside the rows of documents: referential ids, abstract identities and the hierarchy (R4, R5). */
export class DerivedRows {
  private readonly session: BehaviourSession;
  private readonly model: RelationalModelSet;
  private readonly inventory: Inventory;
  private readonly identityTriggers: readonly ReferentialIdentityTrigger[];

  constructor(session: BehaviourSession, model: RelationalModelSet, inventory: Inventory) {
    this.session = session;
    this.model = model;
    this.inventory = inventory;
    this.identityTriggers = inventory.triggers.filter((trigger) => trigger.kind === 'ReferentialIdentityMaintenance');
  }

  /** R4 and R5 on the rows as they are now; `because` says after what. */
  async check(failures: Failures, check: string | null, because = ''): Promise<void> {
    await this.referentialIds(failures, check ?? 'R4', because);
    await this.abstractIdentities(failures, check ?? 'R5', because);
    await this.hierarchy(failures, check ?? 'R5', because);
  }

  private compare(
    failures: Failures,
    check: string,
    object: string,
    expected: Iterable<string>,
    found: Iterable<string>,
    because: string,
  ): void {
    const { missing, extra } = setDifference(expected, found);
    if (missing.length === 0 && extra.length === 0) return;
    const after = because === '' ? '' : ` after ${because}`;
    failures.add(check, `${object}${after}`, `rows ${listText(missing)}`, `rows ${listText(extra)}`);
  }

  /** R4: the ids are those that the tool computes from the rows. */
  private async referentialIds(failures: Failures, check: string, because: string): Promise<void> {
    const { session } = this;
    const descriptors = session.selectText({ schema: 'dms', name: 'Descriptor' }, ['DocumentId', 'Uri']);
    const stored = session.selectText({ schema: 'dms', name: 'ReferentialIdentity' }, [
      'ReferentialId',
      'DocumentId',
      'ResourceKeyId',
    ]);
    const roots = this.identityTriggers.map(({ table, identityElements, superclassAlias }) => {
      const columns = [...identityElements, ...(superclassAlias?.identityElements ?? [])].map(({ column }) => column);
      return session.selectText(table, [...new Set(['DocumentId', ...columns])]);
    });
    const [uriRows = [], idRows = [], ...rootRows] = await session.rowsOfEach([descriptors, stored, ...roots]);
    const uris = new Map(uriRows.map((row) => [row.DocumentId ?? '', row.Uri ?? '']));
    const expected = this.identityTriggers.flatMap((trigger, index) =>
      (rootRows[index] ?? []).flatMap((row) => referentialRows(trigger, row.DocumentId ?? '', row, uris)),
    );
    this.compare(
      failures,
      check,
      'dms.ReferentialIdentity',
      expected.map(({ referentialId, documentId, resourceKeyId }) => `${referentialId}, ${documentId}, ${resourceKeyId}`),
      idRows.map((row) => `${row.ReferentialId?.toLowerCase()}, ${row.DocumentId}, ${row.ResourceKeyId}`),
      because,
    );
  }

  /** R5: every subclass document has its row in the abstract identity table, and the view returns the same set. */
  private async abstractIdentities(failures: Failures, check: string, because: string): Promise<void> {
    const { session, model, inventory } = this;
    const triggers = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
    for (const { table, resourceKey } of model.abstractIdentityTables) {
      const columns = table.columns.map(({ name }) => name);
      const own = triggers.filter(
        ({ targetTable }) => targetTable.schema === table.table.schema && targetTable.name === table.table.name,
      );
      const view = model.abstractUnionViews.find((entry) => entry.resourceKey.id === resourceKey.id);
      const [stored = [], viewed = [], ...sources] = await session.rowsOfEach([
        session.selectText(table.table, columns),
        ...(view ? [session.selectText(view.view, columns)] : [session.selectText(table.table, columns)]),
        ...own.map((trigger) =>
          session.selectText(trigger.table, [
            ...new Set(['DocumentId', ...trigger.targetColumnMappings.map(({ sourceColumn }) => sourceColumn)]),
          ]),
        ),
      ]);
      const expected = own.flatMap(({ targetColumnMappings, discriminatorValue }, index) =>
        (sources[index] ?? []).map((row) => {
          const mapped = targetColumnMappings.map(({ sourceColumn, targetColumn }) => [targetColumn, row[sourceColumn]]);
          const made = { DocumentId: row.DocumentId, Discriminator: discriminatorValue, ...Object.fromEntries(mapped) };
          return rowText(columns, made);
        }),
      );
      const name = `${table.table.schema}.${table.table.name}`;
      const texts = (rows: readonly RowText[]) => rows.map((row) => rowText(columns, row));
      this.compare(failures, check, name, expected, texts(stored), because);
      if (view) {
        this.compare(failures, check, `${view.view.schema}.${view.view.name}`, texts(stored), texts(viewed), because);
      }
    }
  }

  /** R5: who reaches whom is the closure of the entity tables (design 07 §9.6). */
  private async hierarchy(failures: Failures, check: string, because: string): Promise<void> {
    const { session } = this;
    const { authEdOrgHierarchy } = this.inventory;
    if (authEdOrgHierarchy === null) return;
    const { entities } = authEdOrgHierarchy;
    const [source, target] = ['SourceEducationOrganizationId', 'TargetEducationOrganizationId'];
    const [stored = [], ...tables] = await session.rowsOfEach([
      session.selectText(authTable, [source, target]),
      ...entities.map(({ table, identityColumn, parentFks }) =>
        session.selectText(table, [
          ...new Set([identityColumn, ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn)]),
        ]),
      ),
    ]);
    const parents = new Map<string, string[]>();
    entities.forEach(({ identityColumn, parentFks }, index) => {
      for (const row of tables[index] ?? []) {
        const id = row[identityColumn] ?? '';
        const found = parentFks.flatMap(({ denormalizedParentIdColumn }) => row[denormalizedParentIdColumn] ?? []);
        parents.set(id, [...(parents.get(id) ?? []), ...found]);
      }
    });
    const expected: string[] = [];
    for (const id of parents.keys()) {
      const reached = new Set([id]);
      for (const each of reached) for (const parent of parents.get(each) ?? []) reached.add(parent);
      expected.push(...[...reached].map((ancestor) => `${ancestor}, ${id}`));
    }
    const found = stored.map((row) => `${row[source]}, ${row[target]}`);
    this.compare(failures, check, `${authTable.schema}.${authTable.name}`, expected, found, because);
  }
}
