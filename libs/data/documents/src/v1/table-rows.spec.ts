import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { checked, plansOf } from '../../test/school-set.ts';
import { documentRows, resourceWriter } from './writing-rules.ts';

/* Rows of a document (design 08 §6.10). */

const full = {
  schoolId: 1,
  name: 'North',
  isOpen: false,
  opensAt: '2030-01-01T10:00:00+02:00',
  closesAt: '18:00:00',
  rate: 1.5,
  a: 5,
  b: 5,
  kindDescriptor: 'uri://x#Big',
  placeReference: { placeId: 9 },
  addresses: [
    { street: 'Main', periods: [{ beginsOn: '2030-01-01' }, { beginsOn: '2031-01-01' }] },
    { street: 'Side', periods: [{ beginsOn: '2032-01-01' }] },
  ],
  _ext: {
    sample: { motto: 'go', addresses: [{ _ext: { sample: { rooms: [{ number: 1 }] } } }, { _ext: { sample: {} } }] },
  },
};

describe.each(dialects)('rows of a document for %s', (dialect) => {
  const writer = resourceWriter(plansOf(dialect, 'Core:School'));

  /** The rows by table, each as its values by column. The id of a referenced document is `id of` and its place. */
  function rowsOf(document: object): Record<string, Record<string, unknown>[]> {
    const passed = checked(dialect, 'Core:School', document);
    const ids = new Map(passed.targets.map(({ referentialId, place }) => [referentialId, `id of ${place}`]));
    return Object.fromEntries(
      documentRows(passed, '7', ids).map((rows, index) => {
        const { plan } = writer.tables[index]!;
        const named = rows.map((row) =>
          Object.fromEntries(row.map((value, position) => [plan.columnBindings[position]?.column.name, value])),
        );
        return [plan.tableModel.table.name, named];
      }),
    );
  }

  it('hold a value for every bound column', () => {
    expect(rowsOf(full)).toEqual({
      School: [
        {
          DocumentId: '7',
          A_Present: true,
          A_Unified: '5',
          B_Present: true,
          Place_DocumentId: 'id of $.placeReference',
          Place_PlaceId: '9',
          KindDescriptor_DescriptorId: 'id of $.kindDescriptor',
          ClosesAt: '18:00:00',
          IsOpen: false,
          Name: 'North',
          OpensAt: '2030-01-01T08:00:00Z',
          Rate: '1.5',
          SchoolId: '1',
        },
      ],
      SchoolAddress: [
        { School_DocumentId: '7', Ordinal: '0', Street: 'Main' },
        { School_DocumentId: '7', Ordinal: '1', Street: 'Side' },
      ],
      SchoolAddressPeriod: [
        { School_DocumentId: '7', AddressOrdinal: '0', Ordinal: '0', BeginsOn: '2030-01-01' },
        { School_DocumentId: '7', AddressOrdinal: '0', Ordinal: '1', BeginsOn: '2031-01-01' },
        { School_DocumentId: '7', AddressOrdinal: '1', Ordinal: '0', BeginsOn: '2032-01-01' },
      ],
      SchoolExtension: [{ DocumentId: '7', Motto: 'go' }],
      SchoolExtensionAddress: [
        { School_DocumentId: '7', Ordinal: '0' },
        { School_DocumentId: '7', Ordinal: '1' },
      ],
      SchoolExtensionAddressRoom: [{ School_DocumentId: '7', AddressOrdinal: '0', Ordinal: '0', Number: '1' }],
    });
  });

  it('have NULL for absent members, and absent elements and objects have no row', () => {
    const { School, ...others } = rowsOf({ schoolId: 1 });
    expect(School).toEqual([
      {
        DocumentId: '7',
        A_Present: null,
        A_Unified: null,
        B_Present: null,
        Place_DocumentId: null,
        Place_PlaceId: null,
        KindDescriptor_DescriptorId: null,
        ClosesAt: null,
        IsOpen: null,
        Name: null,
        OpensAt: null,
        Rate: null,
        SchoolId: '1',
      },
    ]);
    expect(Object.values(others)).toEqual([[], [], [], [], []]);
  });

  it.each([
    [{ a: 5 }, { A_Present: true, B_Present: null, A_Unified: '5' }],
    [{ b: 6 }, { A_Present: null, B_Present: true, A_Unified: '6' }],
    [
      { a: 0, b: 0 },
      { A_Present: true, B_Present: true, A_Unified: '0' },
    ],
  ])('hold the presence of each member of %j and their common value', (members, expected) => {
    expect(rowsOf({ schoolId: 1, ...members }).School).toMatchObject([expected]);
  });

  it('require the id of every referenced document', () => {
    const passed = checked(dialect, 'Core:School', { schoolId: 1, kindDescriptor: 'uri://x#Big' });
    expect(() => documentRows(passed, '7', new Map())).toThrow('the document id of');
  });

  it('are inserted after the targets of their foreign keys, otherwise in the order of the plan', () => {
    const names = writer.tables.map(({ plan }) => plan.tableModel.table.name);
    expect(names).toEqual([
      'School',
      'SchoolExtension',
      'SchoolExtensionAddress',
      'SchoolAddress',
      'SchoolExtensionAddressRoom',
      'SchoolAddressPeriod',
    ]);
    expect(writer.insertOrder.map((index) => names[index])).toEqual([
      'School',
      'SchoolExtension',
      'SchoolAddress',
      'SchoolExtensionAddress',
      'SchoolExtensionAddressRoom',
      'SchoolAddressPeriod',
    ]);
  });

  it('are deleted directly in tables below the root, and by cascade in deeper tables', () => {
    const goes = writer.tables.map(({ plan, hasParentRows, documentColumn }) => [
      plan.tableModel.table.name,
      hasParentRows,
      documentColumn,
    ]);
    expect(goes).toEqual([
      ['School', false, 'DocumentId'],
      ['SchoolExtension', false, 'DocumentId'],
      ['SchoolExtensionAddress', true, 'School_DocumentId'],
      ['SchoolAddress', false, 'School_DocumentId'],
      ['SchoolExtensionAddressRoom', true, 'School_DocumentId'],
      ['SchoolAddressPeriod', true, 'School_DocumentId'],
    ]);
  });
});

describe('a row of the database', () => {
  const values = {
    DocumentId: 7,
    A_Present: true,
    A_Unified: 5,
    B_Present: null,
    Place_DocumentId: 11,
    Place_PlaceId: 9,
    KindDescriptor_DescriptorId: null,
    ClosesAt: '18:00:00',
    IsOpen: false,
    Name: 'North',
    OpensAt: '2030-01-01 08:00:00+00',
    Rate: '1.50',
    SchoolId: 1,
  };
  const expected = [
    '7',
    true,
    '5',
    null,
    '11',
    '9',
    null,
    '18:00:00',
    false,
    'North',
    '2030-01-01T08:00:00Z',
    '1.5',
    '1',
  ];

  it('is read by column name on SQL Server', () => {
    const [root] = resourceWriter(plansOf('mssql', 'Core:School')).tables;
    expect(root?.storedRow({ ...values, A_Present: 1, OpensAt: '2030-01-01T08:00:00Z' })).toEqual(expected);
  });

  it('is read by column position on PostgreSQL', () => {
    const [root] = resourceWriter(plansOf('pgsql', 'Core:School')).tables;
    const row = root!.plan.tableModel.columns.map(({ name }) => (values as Record<string, unknown>)[name]);
    expect(root?.storedRow(row as never)).toEqual(expected);
  });
});
