import { build } from '@dms/testing';
import type { Editable, EditableSet } from './schools.ts';

/* The test for an evolution of each kind at each kind of place (design 12 §9). */

const { array, object, string } = build;

/** The kinds of places that documents have. */
export const places = [
  ...['root', 'object', 'item', 'nested item', 'reference', 'copy of a reference', 'descriptor', 'abstract'],
  ...['extension of root', 'extension of item'],
] as const;

/** The kinds of changes at a place. */
export const kinds = ['added', 'removed', 'renamed', 'longer', 'shorter', 'required', 'optional', 'rule'] as const;

export type EvolutionKind = (typeof kinds)[number];

/** A place that holds values of documents: an object of a schema. */
export interface ValuePlace {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly path: string;
  /** `schema.table` of the values. */
  readonly table: string;
  readonly schemaOf: (set: EditableSet) => Editable;
}

const extra = (set: EditableSet): Editable =>
  set.extra.resourceSchemas.sections.jsonSchemaForInsert.properties._ext.properties.extra;

/** The schools with an object, and with an extension of the items of a collection. */
export function withAllPlaces(set: EditableSet): void {
  set.properties('schools').address = object({ city: string(20) });
  extra(set).properties.meetings = array(object({ _ext: build.ext('extra', object({ stars: build.integer() })) }));
}

export const valuePlaces: Readonly<Record<string, ValuePlace>> = {
  root: {
    resource: 'Core:School',
    path: '$',
    table: 'core.School',
    schemaOf: (set) => set.resource('schools').jsonSchemaForInsert,
  },
  object: {
    resource: 'Core:School',
    path: '$.address',
    table: 'core.School',
    schemaOf: (set) => set.properties('schools').address,
  },
  item: {
    resource: 'Core:Section',
    path: '$.meetings[*]',
    table: 'core.SectionMeeting',
    schemaOf: (set) => set.properties('sections').meetings.items,
  },
  'nested item': {
    resource: 'Core:Section',
    path: '$.meetings[*].slots[*]',
    table: 'core.SectionMeetingSlot',
    schemaOf: (set) => set.properties('sections').meetings.items.properties.slots.items,
  },
  'extension of root': {
    resource: 'Core:Section',
    path: '$._ext.extra',
    table: 'extra.SectionExtension',
    schemaOf: extra,
  },
  'extension of item': {
    resource: 'Core:Section',
    path: '$._ext.extra.meetings[*]._ext.extra',
    table: 'extra.SectionExtensionMeeting',
    schemaOf: (set) => extra(set).properties.meetings.items.properties._ext.properties.extra,
  },
};

/** The test of a cell: an evolution of one of the tables, forward or backward, or why there is none. */
export type Cell =
  | { readonly evolution: string; readonly isBackward?: true }
  | { readonly rename: string }
  | { readonly rule: string }
  /** A member of a section that becomes required or optional. */
  | { readonly member: string }
  | { readonly cannot: string };

const followsTarget = { cannot: 'a reference has no value of its own: its members follow the identity of the target' };
const always = { cannot: 'a part of an identity is always required' };
const fixedLength = { cannot: 'a descriptor is a URI of 306 letters in every schema' };
const onlyIdentity = {
  cannot: 'an abstract resource has its identity only, which has at least one part in each of its members',
};

/**
 * The cells of places that are not objects with values of their own; the others have a test of their own for each kind.
 */
export const otherCells: Readonly<Record<string, Readonly<Record<EvolutionKind, Cell>>>> = {
  reference: {
    added: { evolution: 'an optional reference' },
    removed: { evolution: 'an optional reference', isBackward: true },
    renamed: { rename: 'a reference' },
    longer: followsTarget,
    shorter: followsTarget,
    required: { member: 'roomReference' },
    optional: { member: 'roomReference' },
    rule: { rule: 'a maximum in a reference' },
  },
  'copy of a reference': {
    added: { evolution: 'one more part of an identity, copied by others' },
    removed: { evolution: 'one more part of an identity, copied by others', isBackward: true },
    renamed: { rename: 'a part of an identity that others copy' },
    longer: { evolution: 'a longer string in an identity that others copy' },
    shorter: { evolution: 'a longer string in an identity that others copy', isBackward: true },
    required: always,
    optional: always,
    rule: { rule: 'a maximum in a reference of an item' },
  },
  descriptor: {
    added: { evolution: 'an optional descriptor' },
    removed: { evolution: 'an optional descriptor', isBackward: true },
    renamed: { rename: 'a descriptor of a document' },
    longer: fixedLength,
    shorter: fixedLength,
    required: { member: 'gradeDescriptor' },
    optional: { member: 'gradeDescriptor' },
    rule: { rule: 'a shortest code of a descriptor' },
  },
  abstract: {
    added: onlyIdentity,
    removed: onlyIdentity,
    renamed: { rename: 'the identity of an abstract resource' },
    longer: { evolution: 'a wider integer that others copy' },
    shorter: { evolution: 'a wider integer that others copy', isBackward: true },
    required: always,
    optional: always,
    rule: { rule: 'a maximum of an identity behind an abstract resource' },
  },
};
