import fc from 'fast-check';
import { quotedTable, type WorldState } from './tracked-world.ts';

/* Random statements on some tables of the project's own fixtures: roots, collections, an extension, descriptors. */

type CampusValue = string | number | null;

interface Written {
  /** Columns that statements change, with their possible values. */
  readonly columns: Readonly<Record<string, readonly CampusValue[]>>;
  /** The resource of a root table. */
  readonly resource?: string;
  /** The values of an INSERT besides the keys, as SQL; `$` is the id of the document, `#` a unique number. */
  readonly insert: string;
  /** The root table to whose rows a row belongs. */
  readonly of?: string;
  /** The column that references the root row. */
  readonly locator?: string;
}

const ids = [1, 2, 3, 4, 5, 6];
const texts = ['a', 'A', 'b', 'a '];

/** The id of some row of a table, and a column of it. */
const some = (table: string, column = 'DocumentId') =>
  `(SELECT "${column}" FROM ${quotedTable(table)} ORDER BY "DocumentId" LIMIT 1)`;

const school = `${some('campus.School')}, ${some('campus.School', 'SchoolId')}`;
const organization = `${some('campus.EducationOrganizationIdentity')}, ${some('campus.EducationOrganizationIdentity', 'EducationOrganizationId')}`;
const district = `${some('campus.District')}, ${some('campus.District', 'DistrictId')}`;

/** Document 1 is a descriptor that is never deleted; rows of collections have `#` as their ordinal. */
const written: Readonly<Record<string, Written>> = {
  'campus.District': {
    resource: 'District',
    columns: { DistrictId: ids, DistrictName: texts, WebAddress: [null, ...texts] },
    insert: `("DocumentId", "DistrictId", "DistrictName", "ParentDistrict_DocumentId", "ParentDistrict_DistrictId") SELECT $, #, 'D', ${district}`,
  },
  'campus.School': {
    resource: 'School',
    columns: { SchoolId: ids, SchoolName: texts, EnrolmentCapacity: [null, 1, 2] },
    insert: `("DocumentId", "SchoolId", "SchoolName", "District_DocumentId", "District_DistrictId") SELECT $, #, 'S', ${district}`,
  },
  'campus.Location': {
    resource: 'Location',
    columns: { ClassroomCode: texts, FloorArea: [null, 1, 2], MaximumSeats: [null, 1] },
    insert: `("DocumentId", "ClassroomCode", "School_DocumentId", "School_SchoolId") SELECT $, 'R#', ${school}`,
  },
  'campus.Course': {
    resource: 'Course',
    columns: { CourseCode: texts, CourseTitle: texts, Credits: [null, 1, 2] },
    insert: `("DocumentId", "CourseCode", "CourseTitle", "SubjectDescriptor_DescriptorId", "EducationOrganization_DocumentId", "EducationOrganization_EducationOrganizationId") SELECT $, 'C#', 'T', 1, ${organization}`,
  },
  'athletics.Team': {
    resource: 'Team',
    columns: { TeamCode: texts, TeamName: texts, SportDescriptor_DescriptorId: [1, 2] },
    insert: `("DocumentId", "TeamCode", "TeamName", "SportDescriptor_DescriptorId", "School_DocumentId", "SchoolId_Unified", "HomeLocation_DocumentId", "HomeLocation_ClassroomCode") SELECT $, 'T#', 'T', 2, l."School_DocumentId", l."School_SchoolId", l."DocumentId", l."ClassroomCode" FROM campus."Location" AS l ORDER BY l."DocumentId" LIMIT 1`,
  },
  'campus.SchoolAddress': {
    of: 'campus.School',
    locator: 'School_DocumentId',
    columns: { City: texts, Street: texts, PostalCode: [null, '1', '2'], Ordinal: [0, 1, 2] },
    insert: `("School_DocumentId", "Ordinal", "AddressKindDescriptor_DescriptorId", "City", "Street") SELECT $, #, 1, 'C', 'S#'`,
  },
  'campus.SchoolAddressOccupancyPeriod': {
    of: 'campus.School',
    locator: 'School_DocumentId',
    columns: { BeginsOn: ['2030-01-01', '2030-01-02'], EndsOn: [null, '2031-01-01'] },
    insert: `("School_DocumentId", "ParentCollectionItemId", "Ordinal", "BeginsOn") SELECT $, a."CollectionItemId", #, date '2020-01-01' + # FROM campus."SchoolAddress" AS a WHERE a."School_DocumentId" = $`,
  },
  'athletics.SchoolExtension': {
    of: 'campus.School',
    locator: 'DocumentId',
    columns: { MascotName: [null, ...texts], HasStadium: [null, 'true', 'false'] },
    insert: `("DocumentId", "MascotName") SELECT $, 'M'`,
  },
  'athletics.SchoolExtensionFacility': {
    of: 'campus.School',
    locator: 'School_DocumentId',
    columns: { FacilityName: texts, SeatingCapacity: [null, 1, 2] },
    insert: `("School_DocumentId", "Ordinal", "FacilityName") SELECT $, #, 'F#'`,
  },
  'campus.LocationEquipment': {
    of: 'campus.Location',
    locator: 'Location_DocumentId',
    columns: { ItemName: texts, Quantity: [1, 2] },
    insert: `("Location_DocumentId", "Ordinal", "ItemName", "Quantity") SELECT $, #, 'I#', 1`,
  },
  'athletics.TeamMatch': {
    of: 'athletics.Team',
    locator: 'Team_DocumentId',
    columns: { MatchNumber: [1, 2, 3], HomeScore: [null, 1, 2] },
    insert: `("Team_DocumentId", "Ordinal", "MatchNumber", "PlayedAt", "OpponentTeam_DocumentId", "OpponentTeam_SchoolId", "OpponentTeam_SportDescriptor_DescriptorId", "OpponentTeam_TeamCode") SELECT $, #, #, timestamptz '2030-01-01T00:00:00Z', t."DocumentId", t."SchoolId_Unified", t."SportDescriptor_DescriptorId", t."TeamCode" FROM athletics."Team" AS t ORDER BY t."DocumentId" LIMIT 1`,
  },
};

/** The tables that the statements write. */
export const writtenTables = Object.keys(written);
const roots = writtenTables.filter((name) => written[name]?.resource);
const others = writtenTables.filter((name) => written[name]?.of);

export const documentText = (id: number, resource: string) =>
  `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
    VALUES (${id}, '00000000-0000-4000-8000-${String(id).padStart(12, '0')}', (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = '${resource}'))`;

const descriptorText = (id: number, resource: string) =>
  `INSERT INTO dms."Descriptor" ("DocumentId", "ResourceKeyId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
    SELECT ${id}, "ResourceKeyId", 'uri://x', 'c${id}', 's', '${resource}', 'uri://x#c${id}' FROM dms."ResourceKey" WHERE "ResourceName" = '${resource}'`;

const filled = (text: string, document: number, number: number) =>
  text.replaceAll('$', String(document)).replaceAll('#', String(number));

const inserted = (table: string, document: number, number: number) =>
  `INSERT INTO ${quotedTable(table)} ${filled(written[table]?.insert ?? '', document, number)}`;

const literal = (value: CampusValue) => (typeof value === 'string' ? `'${value}'` : String(value));

/** The keys that a statement selects. */
const choice = fc.oneof(
  fc.constant('all' as const),
  fc.nat({ max: 9 }),
  fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })),
  fc.constant('none' as const),
);
type ChosenStatement = typeof choice extends fc.Arbitrary<infer Item> ? Item : never;

function chosen(keys: readonly unknown[], which: ChosenStatement): unknown[] {
  if (which === 'all') return [...keys];
  const indexes = which === 'none' || keys.length === 0 ? [] : [which].flat();
  return [...new Set(indexes.map((index) => keys[index % keys.length]))];
}

const where = (column: string, keys: readonly unknown[]) =>
  keys.length === 0 ? 'WHERE 1 = 0' : `WHERE "${column}" IN (${keys.join(', ')})`;

const index = fc.nat({ max: 99 });

/** Columns of identities, and whether they are numbers. */
const identities = [
  ['campus.District', 'DistrictId', true],
  ['campus.School', 'SchoolId', true],
  ['campus.Location', 'ClassroomCode', false],
  ['campus.Course', 'CourseCode', false],
  ['athletics.Team', 'TeamCode', false],
] as const;

const ofTable = (tables: readonly string[]) => fc.constantFrom(...tables);

/** One statement, or the statements of one document, on existing rows. */
export const campusCommand = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('document' as const), table: ofTable(roots) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('children' as const), table: ofTable(others), which: choice }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      table: ofTable(writtenTables),
      columns: fc.tuple(index, index),
      values: fc.tuple(index, index),
      which: choice,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('rename' as const), identity: fc.constantFrom(...identities), at: index }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('descriptor' as const), column: index, value: index, which: choice }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('move' as const), table: ofTable(others), which: choice, to: index }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('deleteChildren' as const), table: ofTable(others), which: choice }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deleteDocument' as const),
      table: ofTable(roots),
      which: choice,
      isRowFirst: fc.boolean(),
    }),
  },
);
type CampusCommand = typeof campusCommand extends fc.Arbitrary<infer Item> ? Item : never;

/** Renders the statements of commands; ids are assigned in order. */
export class CampusStatements {
  private documents = 2;
  private numbers = 10;

  /** The two descriptors that all other documents use. */
  readonly ground: readonly string[] = [1, 2].flatMap((id) => [
    documentText(id, 'SubjectDescriptor'),
    descriptorText(id, 'SubjectDescriptor'),
  ]);

  /** The initial world: one or two documents of each kind, with their rows. */
  start(): string[] {
    const kinds = [...roots, ...roots];
    const documents = kinds.map((table) => {
      this.documents += 1;
      this.numbers += 1;
      return { table, id: this.documents, number: this.numbers };
    });
    return [
      ...documents.flatMap(({ table, id, number }) => [
        documentText(id, written[table]?.resource ?? ''),
        inserted(table, id, number),
      ]),
      ...others.flatMap((table) =>
        documents.flatMap(({ table: root, id, number }) =>
          written[table]?.of === root ? [inserted(table, id, number)] : [],
        ),
      ),
    ];
  }

  /** The statements of a command, each of which is a step. */
  of(command: CampusCommand, state: WorldState): string[] {
    const keysOf = (table: string) => [...(state.rows.get(table)?.keys() ?? [])];
    switch (command.do) {
      case 'document': {
        this.documents += 1;
        this.numbers += 1;
        const { table } = command;
        return [
          documentText(this.documents, written[table]?.resource ?? ''),
          inserted(table, this.documents, this.numbers),
        ];
      }
      case 'children': {
        this.numbers += 1;
        const { table, which } = command;
        const [columns, query = ''] = (written[table]?.insert ?? '').split(/ (?=SELECT )/, 2);
        const rows = chosen(keysOf(written[table]?.of ?? ''), which).map(
          (id) => `(${filled(query, Number(id), this.numbers)})`,
        );
        // rows of several documents in one statement
        return rows.length === 0 ? [] : [`INSERT INTO ${quotedTable(table)} ${columns} ${rows.join(' UNION ALL ')}`];
      }
      case 'update': {
        const { table, which } = command;
        const columns = Object.entries(written[table]?.columns ?? {});
        const assignments = new Map(
          command.columns.map((column, position) => {
            const [name = '', values = []] = columns[column % columns.length] ?? [];
            return [name, values[(command.values[position] ?? 0) % values.length] ?? null] as const;
          }),
        );
        const sets = [...assignments].map(([name, value]) => `"${name}" = ${literal(value)}`).join(', ');
        return [`UPDATE ${quotedTable(table)} SET ${sets} ${where(this.keyOf(table), chosen(keysOf(table), which))}`];
      }
      case 'rename': {
        this.numbers += 1;
        const [table, column, isNumber] = command.identity;
        const value = isNumber ? 1000 + this.numbers : `N${this.numbers}`;
        const keys = chosen(keysOf(table), command.at);
        return [`UPDATE ${quotedTable(table)} SET "${column}" = ${literal(value)} ${where('DocumentId', keys)}`];
      }
      case 'descriptor': {
        const columns = ['Namespace', 'CodeValue', 'ShortDescription', 'Description', 'Uri'] as const;
        const column = columns[command.column % columns.length];
        const keys = chosen(keysOf('dms.Descriptor'), command.which);
        return [`UPDATE dms."Descriptor" SET "${column}" = 'x${command.value % 3}' ${where('DocumentId', keys)}`];
      }
      case 'move': {
        const { of = '', locator = '' } = written[command.table] ?? {};
        const targets = keysOf(of);
        if (targets.length === 0) return [];
        const keys = chosen(keysOf(command.table), command.which);
        const target = targets[command.to % targets.length];
        return [
          `UPDATE ${quotedTable(command.table)} SET "${locator}" = ${target} ${where(this.keyOf(command.table), keys)}`,
        ];
      }
      case 'deleteChildren': {
        const keys = chosen(keysOf(command.table), command.which);
        return [`DELETE FROM ${quotedTable(command.table)} ${where(this.keyOf(command.table), keys)}`];
      }
      case 'deleteDocument': {
        const keys = chosen(keysOf(command.table), command.which);
        const document = `DELETE FROM dms."Document" ${where('DocumentId', keys)}`;
        return command.isRowFirst
          ? [`DELETE FROM ${quotedTable(command.table)} ${where('DocumentId', keys)}`, document]
          : [document];
      }
    }
  }

  private keyOf(table: string): string {
    return written[table]?.resource || written[table]?.locator === 'DocumentId' ? 'DocumentId' : 'CollectionItemId';
  }
}
