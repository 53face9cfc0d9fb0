import type { build } from '@dms/testing';
import { expect } from 'vitest';
import type { SqlSession } from '../sql-session.ts';
import { referentialNamespace, uuidOf } from '../uuid.ts';

/*
 * Organizations with several paths upwards and with circles, and the rows that the triggers must derive from them
 * (design 07 §9).
 */

export const kinds = ['State', 'Agency', 'School'] as const;
export type OrganizationKind = (typeof kinds)[number];

/** The references to parents, by kind: property and kind of the parent. */
const parentsOf: Readonly<Record<OrganizationKind, readonly (readonly [property: string, kind: OrganizationKind])[]>> =
  {
    State: [],
    Agency: [
      ['ParentAgency', 'Agency'],
      ['State', 'State'],
    ],
    School: [
      ['Agency', 'Agency'],
      ['State', 'State'],
    ],
  };

const idOf = (kind: OrganizationKind) => `${kind.toLowerCase()}Id`;
const idColumn = (kind: OrganizationKind) => `${kind}Id`;
const objectOf = (property: string) => `${property.charAt(0).toLowerCase()}${property.slice(1)}Reference`;

/** States; agencies below a state and another agency; schools below an agency and a state, with rooms. */
export function organizationSchema(
  { array, integer, object, project, reference, resource, string }: typeof build,
  allowIdentityUpdates: boolean,
) {
  const organization = (kind: OrganizationKind) =>
    resource(kind, {
      allowIdentityUpdates,
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'EducationOrganization',
      superclassIdentityJsonPath: '$.educationOrganizationId',
      identityJsonPaths: [`$.${idOf(kind)}`],
      documentPathsMapping: Object.fromEntries(
        parentsOf[kind].map(([property, parent]) => [
          property,
          reference(`Ed-Fi:${parent}`, [[`$.${idOf(parent)}`, `$.${objectOf(property)}.${idOf(parent)}`]], false),
        ]),
      ),
      jsonSchemaForInsert: object(
        {
          [idOf(kind)]: integer(),
          ...Object.fromEntries(
            parentsOf[kind].map(([property, parent]) => [
              objectOf(property),
              object({ [idOf(parent)]: integer() }, [idOf(parent)]),
            ]),
          ),
          ...(kind === 'School' && { rooms: array(object({ roomName: string() }, ['roomName'])) }),
        },
        [idOf(kind)],
      ),
    });
  return project('Ed-Fi', kinds.map(organization), {
    endpoint: 'ed-fi',
    abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
  });
}

interface OrganizationRow {
  readonly id: number;
  /** Document ids of the parents, in the order of the references. */
  readonly parents: readonly (number | null)[];
  /** The ids of the parents as the row stores them. */
  readonly copies: readonly (number | null)[];
}

interface OrganizationDocument {
  readonly kind: OrganizationKind;
  readonly row: OrganizationRow | undefined;
  /** The id in the last row: identities stay if only the row is deleted. */
  readonly identity: number | undefined;
  /** The exact number of journal events, or the minimum if a cascade or a trigger updates the copies of a row. */
  readonly events: number;
  readonly isFollower: boolean;
  readonly renames: number;
}

type OrganizationState = ReadonlyMap<number, OrganizationDocument>;

interface RowPick {
  readonly at: number;
  readonly id: number;
  readonly parents: readonly (number | null)[];
}

export type Command =
  | {
      readonly do: 'insert';
      readonly kind: OrganizationKind;
      readonly rows: readonly RowPick[];
      readonly again: boolean;
    }
  | { readonly do: 'update'; readonly kind: OrganizationKind; readonly rows: readonly RowPick[]; readonly what: string }
  | {
      readonly do: 'deleteRows' | 'deleteDocuments';
      readonly kind: OrganizationKind;
      readonly rows: readonly RowPick[];
    }
  | { readonly do: 'rooms'; readonly rows: readonly RowPick[]; readonly what: string };

const byNumbers = (a: readonly unknown[], b: readonly unknown[]) =>
  Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]);
const table = (kind: OrganizationKind) => `edfi."${kind}"`;

export class OrganizationModel {
  private readonly session: SqlSession;
  /** Whether ids of parents may change, so that the copies follow. */
  private readonly isMutable: boolean;
  private documents: OrganizationState = new Map();
  /** The rooms of schools by key: the document of the school and an ordinal. */
  private rooms: readonly { readonly school: number; readonly ordinal: number }[] = [];
  private nextDocument = 1;
  private nextOrdinal = 1;
  private versions = new Map<number, string>();

  constructor(session: SqlSession, isMutable: boolean) {
    this.session = session;
    this.isMutable = isMutable;
  }

  private of(kind: OrganizationKind): number[] {
    return [...this.documents].filter(([, document]) => document.kind === kind && document.row).map(([id]) => id);
  }

  private rowOf(id: number): OrganizationRow {
    const row = this.documents.get(id)?.row;
    if (!row) throw new Error(`document ${id} has no row`);
    return row;
  }

  /** Distinct documents of the kind that have a row, with the pick that chose each. */
  private picked(kind: OrganizationKind, picks: readonly RowPick[]): { document: number; pick: RowPick }[] {
    const all = this.of(kind);
    if (all.length === 0) return [];
    return [...new Map(picks.map((pick) => [all[pick.at % all.length] as number, pick]))].map(([document, pick]) => ({
      document,
      pick,
    }));
  }

  private parentsFor(kind: OrganizationKind, picks: RowPick['parents']): (number | null)[] {
    return parentsOf[kind].map(([, parent], index) => {
      const all = this.of(parent);
      const pick = picks[index] ?? null;
      return pick === null ? null : (all[pick % all.length] ?? null);
    });
  }

  /** The values of a row: its id, then the document and id of each parent. */
  private values({ id, parents, copies }: OrganizationRow): string[] {
    return [
      String(id),
      ...parents.flatMap((parent, index) => [`${parent ?? 'NULL'}::bigint`, `${copies[index] ?? 'NULL'}::integer`]),
    ];
  }

  /** A row of new values; `ids` are the changed ids. */
  private row(
    id: number,
    parents: readonly (number | null)[],
    ids: ReadonlyMap<number, number> = new Map(),
  ): OrganizationRow {
    return {
      id,
      parents,
      copies: parents.map((parent) => (parent === null ? null : (ids.get(parent) ?? this.rowOf(parent).id))),
    };
  }

  private columns(kind: OrganizationKind): string[] {
    return [
      idColumn(kind),
      ...parentsOf[kind].flatMap(([property, parent]) => [`${property}_DocumentId`, `${property}_${idColumn(parent)}`]),
    ];
  }

  /**
   * Whether no two organizations have the same id and the stored ids of parents are current: the keys require exactly
   * this.
   */
  private isLawful(): boolean {
    const ids = [...this.documents.values()].flatMap(({ identity }) => (identity === undefined ? [] : [identity]));
    if (new Set(ids).size < ids.length) return false;
    return this.withRows().every((id) => {
      const { parents, copies } = this.rowOf(id);
      return parents.every((parent, index) => parent === null || this.documents.get(parent)?.row?.id === copies[index]);
    });
  }

  /**
   * Runs the statement of a command. It must be refused if and only if it violates a key; a refused statement changes
   * nothing.
   */
  async run(command: Command): Promise<'done' | 'renamed' | 'refused'> {
    await this.session.exec('SAVEPOINT command');
    const { documents, rooms, nextDocument } = this;
    const renames = () => [...this.documents.values()].reduce((sum, document) => sum + document.renames, 0);
    const before = renames();
    try {
      await this.statement(command);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      expect(code, message).toMatch(/^23(503|505)$/);
      expect(this.isLawful(), `refused: ${JSON.stringify(command)}: ${message}`).toBe(false);
      Object.assign(this, { documents, rooms, nextDocument });
      await this.session.exec('ROLLBACK TO SAVEPOINT command; RELEASE SAVEPOINT command');
      return 'refused';
    }
    expect(this.isLawful(), `accepted: ${JSON.stringify(command)}`).toBe(true);
    await this.session.exec('RELEASE SAVEPOINT command');
    return renames() > before ? 'renamed' : 'done';
  }

  private async statement(command: Command): Promise<void> {
    switch (command.do) {
      case 'insert':
        return this.insert(command.kind, command.rows, command.again);
      case 'update':
        return this.update(command.kind, command.rows, command.what);
      case 'deleteRows':
      case 'deleteDocuments': {
        const gone = this.picked(command.kind, command.rows).map(({ document }) => document);
        const where = `WHERE "DocumentId" IN (${[-1, ...gone].join(', ')})`;
        const documents = new Map(this.documents);
        for (const id of gone) {
          const document = documents.get(id) as OrganizationDocument;
          const hasRooms = this.rooms.some(({ school }) => school === id);
          if (command.do === 'deleteDocuments') documents.delete(id);
          // a stamp for the row, and one for the rooms that are deleted with it
          else documents.set(id, { ...document, row: undefined, events: document.events + (hasRooms ? 2 : 1) });
        }
        this.documents = documents;
        this.rooms = this.rooms.filter(({ school }) => !gone.includes(school));
        await this.session.exec(
          `DELETE FROM ${command.do === 'deleteRows' ? table(command.kind) : 'dms."Document"'} ${where}`,
        );
        return;
      }
      case 'rooms':
        return this.changeRooms(command.rows, command.what);
    }
  }

  private async insert(kind: OrganizationKind, picks: readonly RowPick[], again: boolean): Promise<void> {
    const documents = new Map(this.documents);
    const orphans = [...documents].filter(([, document]) => document.kind === kind && !document.row).map(([id]) => id);
    const rows: string[] = [];
    const entries: [number, OrganizationRow][] = [];
    for (const [index, pick] of picks.entries()) {
      let document = again ? orphans[index] : undefined;
      if (document === undefined) {
        document = this.nextDocument;
        this.nextDocument += 1;
        documents.set(document, {
          kind,
          row: undefined,
          identity: undefined,
          events: 1,
          isFollower: false,
          renames: 0,
        });
        await this.session.exec(
          `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE VALUES (${document}, gen_random_uuid(), (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = '${kind}'))`,
        );
      }
      const row = this.row(pick.id, this.parentsFor(kind, pick.parents));
      entries.push([document, row]);
      rows.push(`(${[document, ...this.values(row)].join(', ')})`);
    }
    const columns = ['DocumentId', ...this.columns(kind)].map((name) => `"${name}"`).join(', ');
    const source =
      rows.length > 0 ? `VALUES ${rows.join(', ')}` : `SELECT ${columns} FROM ${table(kind)} WHERE "DocumentId" = -1`;
    // inserting a root row stamps nothing
    for (const [id, row] of entries)
      documents.set(id, { ...(documents.get(id) as OrganizationDocument), row, identity: row.id });
    this.documents = documents;
    await this.session.exec(`INSERT INTO ${table(kind)} (${columns}) ${source}`);
  }

  private async update(kind: OrganizationKind, picks: readonly RowPick[], what: string): Promise<void> {
    const chosen = this.picked(kind, picks);
    const ids = new Map(
      chosen.map(({ document, pick }, index) => {
        const next = chosen[(index + 1) % chosen.length]?.document ?? document;
        const isNew = what === 'ids' || what === 'both';
        return [document, what === 'rotate' ? this.rowOf(next).id : isNew ? pick.id : this.rowOf(document).id];
      }),
    );
    const rows = chosen.map(({ document, pick }): [number, OrganizationRow] => {
      const isMoved = what === 'parents' || what === 'both';
      const parents = isMoved ? this.parentsFor(kind, pick.parents) : this.rowOf(document).parents;
      return [document, this.row(ids.get(document) as number, parents, ids)];
    });
    const columns = this.columns(kind);
    const values = rows.map(([document, row]) => `(${[document, ...this.values(row)].join(', ')})`);
    const nobody = `(${[-1, 0, ...columns.slice(1).map((_, index) => (index % 2 === 0 ? 'NULL::bigint' : 'NULL::integer'))].join(', ')})`;
    const documents = new Map(this.documents);
    for (const [id, row] of rows) {
      const document = documents.get(id) as OrganizationDocument;
      const isRenamed = row.id !== document.row?.id;
      documents.set(id, {
        ...document,
        row,
        identity: row.id,
        events: document.events + 1,
        renames: document.renames + (isRenamed ? 1 : 0),
      });
    }
    if (this.isMutable) this.follow(documents, ids);
    this.documents = documents;
    await this.session.exec(
      `UPDATE ${table(kind)} AS o SET ${columns.map((name, index) => `"${name}" = v.v${index}`).join(', ')} ` +
        `FROM (VALUES ${[nobody, ...values].join(', ')}) AS v (document, ${columns.map((_, index) => `v${index}`).join(', ')}) WHERE o."DocumentId" = v.document`,
    );
  }

  /** Gives all rows the current ids of their parents. */
  private follow(documents: Map<number, OrganizationDocument>, ids: ReadonlyMap<number, number>): void {
    const renamed = new Set([...ids].filter(([id, now]) => this.documents.get(id)?.row?.id !== now).map(([id]) => id));
    for (const [id, document] of documents) {
      const { row, events } = document;
      if (!row?.parents.some((parent) => parent !== null && renamed.has(parent))) continue;
      const copies = row.parents.map((parent) => (parent === null ? null : (documents.get(parent)?.row?.id ?? null)));
      documents.set(id, {
        ...document,
        row: { ...row, copies },
        isFollower: true,
        events: ids.has(id) ? events : events + 1,
      });
    }
  }

  private async changeRooms(picks: readonly RowPick[], what: string): Promise<void> {
    const schools = this.of('School');
    const stamped = new Set<number>();
    const chosen = new Set(
      picks.map(({ at }) => this.rooms[at % this.rooms.length]).filter((room) => room !== undefined),
    );
    const keys = [...chosen].map(({ school, ordinal }) => `(${school}, ${ordinal})`);
    const where = `WHERE ("School_DocumentId", "Ordinal") IN (${['(-1, -1)', ...keys].join(', ')})`;
    for (const { school } of what === 'insert' ? [] : chosen) stamped.add(school);
    if (what === 'insert') {
      const added =
        schools.length === 0
          ? []
          : picks.map(({ at }) => ({ school: schools[at % schools.length] as number, ordinal: this.nextOrdinal++ }));
      const rows = added.map(({ school, ordinal }) => `(${school}, ${ordinal}, 'R${ordinal}')`);
      const source = rows.length > 0 ? `VALUES ${rows.join(', ')}` : `SELECT 0, 0, '' WHERE false`;
      await this.session.exec(`INSERT INTO edfi."SchoolRoom" ("School_DocumentId", "Ordinal", "RoomName") ${source}`);
      for (const { school } of added) stamped.add(school);
      this.rooms = [...this.rooms, ...added];
    } else if (what === 'update') {
      await this.session.exec(`UPDATE edfi."SchoolRoom" SET "RoomName" = "RoomName" ${where}`);
    } else if (what === 'delete') {
      await this.session.exec(`DELETE FROM edfi."SchoolRoom" ${where}`);
      this.rooms = this.rooms.filter((room) => !chosen.has(room));
    } else {
      const to = schools[(picks[0]?.id ?? 0) % Math.max(1, schools.length)] ?? -1;
      await this.session.exec(`UPDATE edfi."SchoolRoom" SET "School_DocumentId" = ${to} ${where}`);
      this.rooms = this.rooms.map((room) => (chosen.has(room) ? { ...room, school: to } : room));
      if (chosen.size > 0) stamped.add(to);
    }
    const documents = new Map(this.documents);
    for (const id of stamped) {
      const document = documents.get(id) as OrganizationDocument;
      documents.set(id, { ...document, events: document.events + 1 });
    }
    this.documents = documents;
  }

  /** Every organization reachable from the document over parents, itself included. */
  private above(document: number, seen = new Set<number>()): Set<number> {
    if (seen.has(document)) return seen;
    seen.add(document);
    for (const parent of this.rowOf(document).parents) if (parent !== null) this.above(parent, seen);
    return seen;
  }

  private withRows(): number[] {
    return kinds.flatMap((kind) => this.of(kind));
  }

  hasCircle(): boolean {
    return this.withRows().some((id) =>
      this.rowOf(id).parents.some((parent) => parent !== null && parent !== id && this.above(parent).has(id)),
    );
  }

  /** Whether an organization is reachable from another over two parents. */
  hasDiamond(): boolean {
    return this.withRows().some((id) => {
      const [first, second] = this.rowOf(id).parents.filter((parent) => parent !== null && parent !== id);
      return (
        typeof first === 'number' &&
        typeof second === 'number' &&
        [...this.above(first)].some((above) => this.above(second).has(above))
      );
    });
  }

  /** Compares everything that triggers maintain with the expected values. */
  async check(step: string): Promise<void> {
    const tuples = await this.session.queryRows(
      'SELECT "TargetEducationOrganizationId", "SourceEducationOrganizationId" FROM auth."EducationOrganizationIdToEducationOrganizationId"',
    );
    const closure = this.withRows().flatMap((id) =>
      [...this.above(id)].map((above) => [this.rowOf(id).id, this.rowOf(above).id]),
    );
    expect(tuples.sort(byNumbers), `hierarchy after ${step}`).toEqual(closure.sort(byNumbers));

    for (const kind of kinds) {
      const columns = ['DocumentId', ...this.columns(kind)].map((name) => `"${name}"`).join(', ');
      const stored = await this.session.queryRows(`SELECT ${columns} FROM ${table(kind)} ORDER BY 1`);
      const rows = this.of(kind).map((id) => {
        const { id: number, parents, copies } = this.rowOf(id);
        return [id, number, ...parents.flatMap((parent, index) => [parent, copies[index]])];
      });
      expect(stored, `rows after ${step}`).toEqual(rows.sort(byNumbers));
    }

    const identities = await this.session.queryRows(
      `SELECT r."DocumentId", k."ResourceName", r."ReferentialId"::text FROM dms."ReferentialIdentity" r JOIN dms."ResourceKey" k USING ("ResourceKeyId") ORDER BY 1, 2`,
    );
    const abstracts = await this.session.queryRows(
      'SELECT "DocumentId", "EducationOrganizationId", "Discriminator" FROM edfi."EducationOrganizationIdentity" ORDER BY 1',
    );
    const owners = [...this.documents].flatMap(([id, { kind, identity }]) =>
      identity === undefined ? [] : [{ id, kind, identity }],
    );
    const names = owners.flatMap(({ id, kind, identity }) => [
      { id, resource: kind as string, name: `Ed-Fi${kind}$.${idOf(kind)}=${identity}` },
      {
        id,
        resource: 'EducationOrganization',
        name: `Ed-FiEducationOrganization$.educationOrganizationId=${identity}`,
      },
    ]);
    const wanted = names.sort((a, b) => a.id - b.id || (a.resource < b.resource ? -1 : 1));
    expect(identities, `identities after ${step}`).toEqual(
      wanted.map(({ id, resource, name }) => [id, resource, uuidOf(referentialNamespace, name)]),
    );
    expect(abstracts, `abstract rows after ${step}`).toEqual(
      owners.sort((a, b) => a.id - b.id).map(({ id, kind, identity }) => [id, identity, `Ed-Fi:${kind}`]),
    );

    const versions = await this.session.queryRows(
      `SELECT d."DocumentId", d."IdentityVersion"::text, count(e."ChangeVersion"), max(e."ChangeVersion") = d."ContentVersion"
        FROM dms."Document" d LEFT JOIN dms."DocumentChangeEvent" e USING ("DocumentId") GROUP BY d."DocumentId" ORDER BY 1`,
    );
    this.documents = new Map(
      [...this.documents]
        .sort(([a], [b]) => a - b)
        .map(([id, document], index) => {
          if (!document.isFollower) return [id, document];
          const events = Number(versions[index]?.[2]);
          expect(events, `stamps of ${id} after ${step}`).toBeGreaterThanOrEqual(document.events);
          return [id, { ...document, isFollower: false, events }];
        }),
    );
    const events = [...this.documents].map(([id, document]) => [id, document.events, true]);
    expect(
      versions.map(([id, , count, isLast]) => [id, count, isLast]),
      `stamps after ${step}`,
    ).toEqual(events);
    for (const [id, version] of versions as [number, string][]) {
      // an identity stamp must change exactly if the number of renames does
      const { renames = 0 } = this.documents.get(id) ?? {};
      const known = this.versions.get(id);
      const now = `${renames} ${version}`;
      if (known?.startsWith(`${renames} `)) expect(now, `identity stamp of ${id} after ${step}`).toBe(known);
      else if (known !== undefined)
        expect(version, `identity stamp of ${id} after ${step}`).not.toBe(known.slice(known.indexOf(' ') + 1));
      this.versions.set(id, now);
    }
  }
}
