import type { Table } from '@dms/model';
import { expect } from 'vitest';
import type { Emitted } from './emitted.ts';
import type { SqlSession } from './sql-session.ts';

/*
 * Computes the expected effects of the triggers of the second generation from the rows before and after a statement
 * (design 16 §14): mirrors follow documents (a), exactly the documents with a real change are stamped (b), tracked rows
 * form a chain (c).
 */

export type WatchedRow = Readonly<Record<string, unknown>>;

interface WatchedTable {
  readonly name: string;
  readonly key: string;
  /** The column with the document id. */
  readonly locator: string;
  /** The name of the root table that mirrors the stamps; for a root, the table itself. */
  readonly root: string;
  /** The columns whose change is a real change. */
  readonly stored: readonly string[];
  /** The columns whose change is stamped as a change of identity. */
  readonly projection: readonly string[];
  readonly tracked: TrackedWorldTable | undefined;
}

interface TrackedWorldTable {
  readonly name: string;
  /** Whether changed keys are recorded besides deletes. */
  readonly notesKeys: boolean;
  /** The identity values in the form of the tracked rows. */
  readonly values: readonly TrackedIdentity[];
}

/** One value of an identity: its name without `Old` and `New`, and its source. */
interface TrackedIdentity {
  readonly name: string;
  readonly column: string;
  readonly text: 'Namespace' | 'CodeValue' | undefined;
}

interface Stamps {
  readonly content: number;
  readonly identity: number;
  readonly at: unknown;
}

export interface WorldState {
  readonly rows: ReadonlyMap<string, ReadonlyMap<unknown, WatchedRow>>;
  readonly documents: ReadonlyMap<number, Stamps>;
  /** The tracked rows by table, in the order of their versions. */
  readonly tracked: ReadonlyMap<string, readonly WatchedRow[]>;
  /** The last version that was drawn. */
  readonly drawn: number;
}

const joined = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

export const quotedTable = (name: string) =>
  name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');

const mirrors = ['ContentVersion', 'ContentLastModifiedAt'];

const descriptor = 'dms.Descriptor';
const descriptorColumns = [
  'Namespace',
  'CodeValue',
  'ShortDescription',
  'Description',
  'EffectiveBeginDate',
  'EffectiveEndDate',
  'Discriminator',
  'Uri',
];

/** The document id of a tracked row's UUID: the test worlds write it at the end of the UUID. */
const documentOf = (row: WatchedRow) => Number(String(row.Id).slice(-12));

const isTombstone = (row: WatchedRow, { values }: TrackedWorldTable) =>
  values.every(({ name }) => row[`New${name}`] === null);

const valuesOf = (row: WatchedRow, prefix: 'Old' | 'New', { values }: TrackedWorldTable) =>
  values.map(({ name }) => row[`${prefix}${name}`]);

/** Reads the rows of a set of tables and compares them with the expected effects of a statement. */
export class TrackedWorld {
  private readonly session: SqlSession;
  private readonly tables: readonly WatchedTable[];
  private readonly query: string;
  /** Numbers of the effects seen so far. */
  readonly seen = { contentStamps: 0, identityStamps: 0, keyChanges: 0, tombstones: 0 };

  /** @param names the tables that the world writes, besides dms.Descriptor */
  constructor(session: SqlSession, { model, inventory }: Emitted, names: readonly string[]) {
    this.session = session;
    const byName = new Map<string, Table>(
      model.resources.flatMap(({ tablesInDependencyOrder }) =>
        tablesInDependencyOrder.map((table) => [joined(table.table), table]),
      ),
    );
    const tracked = new Map(
      (inventory.trackedChangeTables ?? []).map((table) => [
        joined(table.table),
        {
          name: joined(table.table),
          notesKeys: table.kind === 'Resource',
          values: table.valueColumns.flatMap(({ oldColumn, role, origins, sourceColumn }): TrackedIdentity[] => {
            if (!origins.includes('Identity') || sourceColumn === null) return [];
            const text = ({ DescriptorNamespace: 'Namespace', DescriptorCodeValue: 'CodeValue' } as const)[
              role as string
            ];
            return [{ name: oldColumn.slice('Old'.length), column: sourceColumn, text }];
          }),
        },
      ]),
    );
    this.tables = [...names, descriptor].map((name): WatchedTable => {
      const stamp = inventory.triggers.find(({ kind, table }) => kind === 'DocumentStamping' && joined(table) === name);
      if (stamp?.kind !== 'DocumentStamping' || !stamp.mirrorStampTargetTable) throw new Error(`no stamp of ${name}`);
      const columns = byName.get(name)?.columns.filter(({ storage }) => storage.kind === 'Stored') ?? [];
      const target = stamp.changeTracking?.trackedChangeTable;
      return {
        name,
        key: byName.get(name)?.key.columns[0]?.name ?? 'DocumentId',
        locator: stamp.keyColumns[0] ?? '',
        root: joined(stamp.mirrorStampTargetTable),
        stored:
          name === descriptor
            ? descriptorColumns
            : columns.map(({ name: column }) => column).filter((c) => !mirrors.includes(c)),
        projection: stamp.identityProjectionColumns,
        tracked: target && tracked.get(joined(target)),
      };
    });
    const sources = [
      ...this.tables.map(({ name }) => name),
      'dms.Document',
      ...this.tables.flatMap((table) => (table.tracked ? [table.tracked.name] : [])),
    ];
    this.query = [
      ...sources.map((name) => `SELECT '${name}', to_jsonb(t) FROM ${quotedTable(name)} AS t`),
      `SELECT 'drawn', jsonb_build_object('version', last_value) FROM dms."ChangeVersionSequence"`,
    ].join(' UNION ALL ');
  }

  async state(): Promise<WorldState> {
    const found = new Map<string, WatchedRow[]>();
    for (const [table, row] of (await this.session.queryRows(this.query)) as [string, WatchedRow][])
      found.set(table, [...(found.get(table) ?? []), row]);
    const rows = new Map(
      this.tables.map(({ name, key }) => [
        name,
        new Map((found.get(name) ?? []).map((row) => [row[key], row] as const)),
      ]),
    );
    const documents = new Map(
      (found.get('dms.Document') ?? []).map((row) => [
        Number(row.DocumentId),
        {
          content: Number(row.ContentVersion),
          identity: Number(row.IdentityVersion),
          at: row.ContentLastModifiedAt,
        },
      ]),
    );
    const versionOf = ({ ChangeVersion }: WatchedRow) => Number(ChangeVersion);
    const tracked = new Map(
      this.tables.flatMap((table) =>
        table.tracked
          ? [
              [
                table.tracked.name,
                (found.get(table.tracked.name) ?? []).sort((a, b) => versionOf(a) - versionOf(b)),
              ] as const,
            ]
          : [],
      ),
    );
    return { rows, documents, tracked, drawn: Number(found.get('drawn')?.[0]?.version) };
  }

  /** Checks the effects of one statement. */
  check(before: WorldState, after: WorldState): void {
    this.checkMirrors(after);
    this.checkStamps(before, after);
    for (const table of this.tables) if (table.tracked) this.checkTracked(table, table.tracked, before, after);
  }

  private checkMirrors({ rows, documents }: WorldState): void {
    for (const { name, root } of this.tables) {
      if (name !== root) continue;
      for (const [id, row] of rows.get(name) ?? []) {
        const document = documents.get(Number(id));
        expect([row.ContentVersion, row.ContentLastModifiedAt], `mirror of ${name} ${id}`).toEqual([
          document?.content,
          document?.at,
        ]);
      }
    }
  }

  private isChanged(columns: readonly string[], before: WatchedRow, after: WatchedRow): boolean {
    return columns.some((column) => before[column] !== after[column]);
  }

  private stampedBy(table: WatchedTable, before: WorldState, after: WorldState): Set<number> {
    const found = new Set<number>();
    const old = before.rows.get(table.name);
    const now = after.rows.get(table.name);
    const isRoot = table.name === table.root;
    const documentOfRow = (row: WatchedRow) => Number(row[table.locator]);
    const add = (...rows: readonly WatchedRow[]) => {
      for (const row of rows) found.add(documentOfRow(row));
    };
    for (const [key, row] of now ?? []) {
      const earlier = old?.get(key);
      if (!earlier) {
        if (!isRoot) add(row);
      } else if (this.isChanged(table.stored, earlier, row)) add(earlier, row);
    }
    for (const [key, row] of old ?? []) {
      if (now?.has(key)) continue;
      if (isRoot || after.rows.get(table.root)?.has(documentOfRow(row))) add(row);
    }
    return found;
  }

  private checkStamps(before: WorldState, after: WorldState): void {
    const wanted = new Set(this.tables.flatMap((table) => [...this.stampedBy(table, before, after)]));
    const renamed = new Set(
      this.tables.flatMap(({ name, projection }) =>
        [...(after.rows.get(name) ?? [])].flatMap(([key, row]) => {
          const earlier = before.rows.get(name)?.get(key);
          return earlier && this.isChanged(projection, earlier, row) ? [Number(key)] : [];
        }),
      ),
    );
    const present = [...after.documents].filter(([id]) => before.documents.has(id));
    const changed = (member: 'content' | 'identity') =>
      present.filter(([id, stamps]) => stamps[member] !== before.documents.get(id)?.[member]).map(([id]) => id);
    const ids = (set: ReadonlySet<number>) => present.map(([id]) => id).filter((id) => set.has(id));
    expect(changed('content'), 'documents with a content stamp').toEqual(ids(wanted));
    expect(changed('identity'), 'documents with an identity stamp').toEqual(ids(renamed));
    this.seen.contentStamps += wanted.size;
    this.seen.identityStamps += renamed.size;
    for (const id of changed('content')) expect(after.documents.get(id)?.content).toBeGreaterThan(before.drawn);
    for (const id of changed('identity')) expect(after.documents.get(id)?.identity).toBeGreaterThan(before.drawn);
  }

  /** The identity of a row in the form of a tracked row. */
  private identity(row: WatchedRow, { values }: TrackedWorldTable, { rows }: WorldState): unknown[] {
    return values.map(({ column, text }) =>
      text === undefined ? row[column] : rows.get(descriptor)?.get(row[column])?.[text],
    );
  }

  private checkTracked(table: WatchedTable, tracked: TrackedWorldTable, before: WorldState, after: WorldState): void {
    const old = before.tracked.get(tracked.name) ?? [];
    const now = after.tracked.get(tracked.name) ?? [];
    expect(now.slice(0, old.length), `${tracked.name} keeps its rows`).toEqual(old);
    const added = now.slice(old.length);
    for (const row of added) expect(Number(row.ChangeVersion)).toBeGreaterThan(before.drawn);
    for (const [id, row] of before.rows.get(table.name) ?? []) {
      const own = added.filter((candidate) => documentOf(candidate) === Number(id));
      const where = `${tracked.name} of ${id}`;
      const identity = this.identity(row, tracked, before);
      const stays = after.rows.get(table.name)?.get(id);
      const document = after.documents.get(Number(id));
      if (!stays) {
        // nothing can be recorded without the document, which was deleted with the row
        expect(own.length, where).toBe(document ? 1 : 0);
        const [tombstone] = own;
        if (!tombstone) continue;
        this.seen.tombstones += 1;
        expect([isTombstone(tombstone, tracked), valuesOf(tombstone, 'Old', tracked)], where).toEqual([true, identity]);
        expect(tombstone.ChangeVersion, where).toBe(document?.content);
        continue;
      }
      const isRenamed = tracked.notesKeys && this.isChanged(table.projection, row, stays);
      if (!isRenamed) {
        expect(own, where).toEqual([]);
        continue;
      }
      this.seen.keyChanges += 1;
      // a statement may change a key in steps: the tracked rows form a chain from the old key to the new one
      expect(own.length, where).toBeGreaterThan(0);
      const ends = own.map((step) => valuesOf(step, 'New', tracked));
      expect(
        own.map((step) => valuesOf(step, 'Old', tracked)),
        where,
      ).toEqual([identity, ...ends.slice(0, -1)]);
      expect(ends.at(-1), where).toEqual(this.identity(stays, tracked, after));
      expect(Number(own.at(-1)?.ChangeVersion), where).toBeLessThanOrEqual(document?.content ?? 0);
    }
    const known = new Set([...(before.rows.get(table.name) ?? new Map()).keys()].map(Number));
    expect(
      added.map(documentOf).filter((id) => !known.has(id)),
      `${tracked.name}: rows of no document`,
    ).toEqual([]);
  }
}
