import type { Change, ChangeKind } from '../src/comparing/change.ts';
import type { CheckedRule, Impossible, OfKind, Place, Shown } from '../src/kinds/change-rules.ts';
import type { SideTable } from '../src/matching/table-pairs.ts';
import { columnValue, converted, presenceOf } from '../src/matching/value.ts';

/* Changes from which plans are made, without a schema set or a database. */

const table = (name: string, document: SideTable['document'] = { by: 'id', column: 'DocumentId' }): SideTable => ({
  key: `core.${name}`,
  owner: `Core:${name}`,
  catalog: {
    schema: 'core',
    name,
    storage: 'ordinary',
    columns: [],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    triggers: [],
  },
  model: null,
  roles: new Map(),
  document,
  defaultNames: new Map(),
  followsWritten: false,
});

export const room = table('Room');
export const section = table('Section');
export const place = { owner: 'Core:Room', path: ['core.Room', 'Floor'] };
export const shown = { before: 'earlier', after: 'later' };
export const floor = columnValue('Floor');
const collated = { kind: 'collated', value: floor, collation: null } as const;
const referrers = [{ table: section, column: 'Owner_DocumentId' }];

/** The kinds of changes that consist of a place and a state before and after. */
type PlainKind = {
  [Kind in ChangeKind]: Place & Shown & { readonly kind: Kind } extends OfKind<Change, Kind> ? Kind : never;
}[ChangeKind];
type ImpossibleKind = {
  [Kind in ChangeKind]: OfKind<Change, Kind> extends Impossible ? Kind : never;
}[ChangeKind];
const free = (kind: PlainKind) => [{ kind, ...place, ...shown } as Change] as const;
const impossible = (kind: ImpossibleKind) => [{ kind, ...place, ...shown, reason: 'why' } as Change] as const;

type RuleKind = { [Kind in ChangeKind]: OfKind<Change, Kind> extends CheckedRule ? Kind : never }[ChangeKind];
const broken = (kind: RuleKind) => {
  const rule = { code: 'DOCUMENT_SCHEMA_VIOLATED', paths: ['$.floor'], keywords: ['maximum'] } as const;
  return [{ kind, ...place, ...shown, resource: 'Core:Room', rule }] as const;
};

/** Changes of every kind; several of a kind if their classes or queries depend on more than the kind. */
export const changes: Readonly<Record<ChangeKind, readonly Change[]>> = {
  'resource added': free('resource added'),
  'descriptor added': free('descriptor added'),
  'abstract resource added': free('abstract resource added'),
  'table added': free('table added'),
  'table renamed': [{ kind: 'table renamed', ...place, before: 'core.Space', after: 'core.Room' }],
  'column added': free('column added'),
  'column renamed': free('column renamed'),
  'column optional': free('column optional'),
  'default changed': free('default changed'),
  'type wider': [
    { kind: 'type wider', ...place, before: 'varchar(20)', after: 'varchar(40)' },
    { kind: 'type wider', ...place, before: 'integer', after: 'bigint' },
  ],
  'collation changed': [
    { kind: 'collation changed', ...place, before: 'Turkish_100_CS_AS', after: 'Latin1_General_CI_AS' },
  ],
  'constraint renamed': free('constraint renamed'),
  'index renamed': free('index renamed'),
  'unique removed': free('unique removed'),
  'check removed': free('check removed'),
  'foreign key removed': free('foreign key removed'),
  'foreign key action changed': free('foreign key action changed'),
  'index added': free('index added'),
  'index removed': free('index removed'),
  'derived table removed': free('derived table removed'),
  'derived column removed': free('derived column removed'),
  'trigger added': free('trigger added'),
  'trigger changed': free('trigger changed'),
  'trigger removed': free('trigger removed'),
  'view added': free('view added'),
  'view changed': free('view changed'),
  'view removed': free('view removed'),
  'resource version': free('resource version'),
  'member optional': free('member optional'),
  'pattern removed': free('pattern removed'),
  'range wider': free('range wider'),
  'length wider': free('length wider'),
  'values more': free('values more'),
  'items wider': free('items wider'),
  'format removed': free('format removed'),
  'schema rule relaxed': free('schema rule relaxed'),
  'equality removed': free('equality removed'),
  'array uniqueness removed': free('array uniqueness removed'),
  'resource key': [{ kind: 'resource key', ...place, before: 1, after: 2 }],
  'project renamed': [{ kind: 'project renamed', ...place, ...shown }],
  'resource renamed': [{ kind: 'resource renamed', ...place, ...shown }],
  'abstract resource renamed': [{ kind: 'abstract resource renamed', ...place, ...shown }],
  discriminator: [{ kind: 'discriminator', ...place, ...shown }],
  'referential ids': [
    { kind: 'referential ids', ...place, hashed: null },
    { kind: 'referential ids', ...place, hashed: { table: room, block: null } },
  ],
  hierarchy: [{ kind: 'hierarchy', ...place }],
  'abstract identities': [
    { kind: 'abstract identities', ...place, leaves: null },
    { kind: 'abstract identities', ...place, leaves: { resourceKeyId: 7, referrers } },
  ],
  'kind of resource changed': impossible('kind of resource changed'),
  'resource became an extension': impossible('resource became an extension'),
  'nesting changed': impossible('nesting changed'),
  'column kind changed': impossible('column kind changed'),
  'target changed': impossible('target changed'),
  'identity changed': impossible('identity changed'),
  'type changed': impossible('type changed'),
  'abstract identity mapping changed': impossible('abstract identity mapping changed'),
  'discriminator shared': impossible('discriminator shared'),
  'descriptor renamed': [
    {
      kind: 'descriptor renamed',
      ...place,
      ...shown,
      descriptor: { id: 9, projectName: 'Core', resourceName: 'KindDescriptor' },
    },
  ],
  'resource removed': [{ kind: 'resource removed', ...place, resourceKeyId: 7, referrers }],
  'descriptor removed': [{ kind: 'descriptor removed', ...place, resourceKeyId: 8, referrers: [] }],
  'abstract resource removed': [{ kind: 'abstract resource removed', ...place, resourceKeyId: null, referrers: [] }],
  'unique index added': [{ kind: 'unique index added', ...place, table: room, values: [floor] }],
  'table removed': [{ kind: 'table removed', ...place, path: ['core.Room'], table: room }],
  'type narrower': [
    { kind: 'type narrower', ...place, ...shown, table: room, value: floor, fits: { kind: 'text', longest: 20 } },
    {
      kind: 'type narrower',
      ...place,
      ...shown,
      table: room,
      value: floor,
      fits: { kind: 'decimal', whole: 3, places: 1 },
    },
    {
      kind: 'type narrower',
      ...place,
      ...shown,
      table: room,
      value: floor,
      fits: { kind: 'integer', smallest: '-32768', largest: '32767' },
    },
  ],
  'type converted': [
    {
      kind: 'type converted',
      ...place,
      ...shown,
      table: room,
      fits: null,
      becomesRequired: false,
      value: converted(floor, { from: { kind: 'Boolean', maxLength: null, decimal: null }, into: 'String' }),
    },
    {
      kind: 'type converted',
      ...place,
      ...shown,
      table: room,
      becomesRequired: true,
      value: converted(floor, { from: { kind: 'Int32', maxLength: null, decimal: null }, into: 'String' }),
      fits: { kind: 'text', longest: 5 },
    },
  ],
  'type replaced': [
    { kind: 'type replaced', ...place, ...shown, table: room, value: floor, isPermitted: false },
    { kind: 'type replaced', ...place, ...shown, table: room, value: floor, isPermitted: true },
  ],
  'column required': [{ kind: 'column required', ...place, table: room, value: floor }],
  'required column added': [{ kind: 'required column added', ...place, table: room }],
  'tracked value added': [{ kind: 'tracked value added', ...place, table: room }],
  'tracked changes dropped': [{ kind: 'tracked changes dropped', ...place, table: room }],
  'table emptied': free('table emptied'),
  'column filled': [
    { kind: 'column filled', ...place, table: room, value: floor, isRequired: false },
    { kind: 'column filled', ...place, table: room, value: floor, isRequired: true },
  ],
  'resource key removed': [{ kind: 'resource key removed', ...place, table: room }],
  'resource key filled': [
    {
      kind: 'resource key filled',
      ...place,
      table: room,
      value: floor,
      members: [{ table: 'core.Section', resourceKeyId: 7 }],
    },
  ],
  'column unified': [
    { kind: 'column unified', ...place, table: room, held: floor, shown: floor },
    { kind: 'column unified', ...place, table: room, held: floor, shown: columnValue('Storey') },
  ],
  'column removed': [{ kind: 'column removed', ...place, table: room, value: floor }],
  'primary key added': [{ kind: 'primary key added', ...place, table: room, values: [floor], isImplied: false }],
  'unique added': [
    { kind: 'unique added', ...place, table: room, values: [floor], isImplied: true },
    { kind: 'unique added', ...place, table: room, values: [floor], isImplied: false },
  ],
  'unique collated': [{ kind: 'unique collated', ...place, table: room, values: [collated], isImplied: false }],
  'check added': [
    {
      kind: 'check added',
      ...place,
      table: room,
      values: new Map([['Flag', presenceOf(floor)]]),
      condition: { kind: 'isNull', operand: { kind: 'column', name: 'Flag' }, negated: true },
    },
  ],
  'foreign key added': [
    {
      kind: 'foreign key added',
      ...place,
      table: section,
      values: [columnValue('Room_DocumentId')],
      target: room,
      targetValues: [columnValue('DocumentId')],
      isImplied: true,
    },
    {
      kind: 'foreign key added',
      ...place,
      table: section,
      values: [columnValue('Room_DocumentId')],
      target: room,
      targetValues: [columnValue('DocumentId')],
      isImplied: false,
    },
  ],
  'foreign key collated': [
    {
      kind: 'foreign key collated',
      ...place,
      table: room,
      values: [collated],
      target: room,
      targetValues: [collated],
      isImplied: false,
    },
  ],
  'foreign key changed': [
    {
      kind: 'foreign key changed',
      ...place,
      table: section,
      values: [columnValue('Room_DocumentId')],
      target: room,
      targetValues: [columnValue('DocumentId')],
      isImplied: true,
    },
    {
      kind: 'foreign key changed',
      ...place,
      table: section,
      values: [columnValue('Room_DocumentId')],
      target: room,
      targetValues: [columnValue('DocumentId')],
      isImplied: false,
    },
  ],
  'member required': broken('member required'),
  'pattern changed': broken('pattern changed'),
  'range narrower': broken('range narrower'),
  'length narrower': broken('length narrower'),
  'values fewer': broken('values fewer'),
  'items narrower': broken('items narrower'),
  'format changed': broken('format changed'),
  'schema rule changed': broken('schema rule changed'),
  'equality added': broken('equality added'),
  'array uniqueness added': broken('array uniqueness added'),
  'values change under a rule': broken('values change under a rule'),
};
