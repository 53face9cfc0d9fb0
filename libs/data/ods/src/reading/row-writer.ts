import { append, type Diagnostic, type RowPlace } from '@dms/diagnostics';
import { type DocumentReferenceBinding, mustExist } from '@dms/model';
import type { JsonValue } from '@dms/values';
import { type OdsSource, type SharingPath, tableLabel } from '../mapping/ods-mapping.ts';
import { resourceKey } from '../mapping/resource-parts.ts';
import { type ReadValue, readerOf, sharingReaderOf } from './ods-values.ts';
import type { DescriptorsById } from './read-descriptors.ts';
import type { SourceRow } from './reading-dialect.ts';
import { type LossCode, type RowDiagnosticCode, rowDiagnostic, type TableRows } from './reading-report.ts';
import { isInRow, isOwnNumber, type ReadColumn, type TableNode } from './table-nodes.ts';

/** An object of a document while it is made. */
export type DraftObject = Map<string, JsonValue>;

/** A document while it is made from its rows. */
export interface DraftDocument {
  /** Null if no resource has such a document. */
  readonly resource: string | null;
  readonly diagnostics: Diagnostic[];
  /** Losses that count only if the document is written. */
  readonly losses: DocumentLoss[];
  /** One entry for each row that is part of it. */
  readonly rows: TableRows[];
  /**
   * One entry for each row that has no place in it, because a column holds the value of another path (design 19 §5.3).
   */
  readonly left: TableRows[];
}

/** A loss or an addition of a document, and the column that is the reason, if there is one. */
export type DocumentLoss = readonly [code: LossCode, path: string, column?: string];

/** Puts the values of a row into a document. */
export interface RowWriter {
  /** Adds the object or item of the row to the object of the row around it. Returns the object that gets the values. */
  place(around: DraftObject, row: SourceRow, draft: DraftDocument): DraftObject;
  /**
   * The column, `schema.Table.Column`, whose value cannot be that of a required member of the row's own object;
   * undefined if there is none.
   */
  unfitting(row: SourceRow): string | undefined;
  write(row: SourceRow, target: DraftObject, draft: DraftDocument): void;
}

/** Makes the writer for the rows of a resource in a table (design 19a §4). */
export function rowWriter(rows: DocumentRows): RowWriter {
  const { node, source, around } = rows;
  const { table, columns } = node;
  const { scope } = source;
  const columnLabel = ({ selected }: WrittenMember) => `${tableLabel(table)}.${selected.column.name}`;
  const { item, plain, references, sharing: sharingMembers } = rowParts(rows);
  const required = [...columns.values()].filter(({ column }) => !column.isNullable);
  const placeNames = around === undefined ? [] : namesOf(scope.replace(/\[\*\]$/, ''), around.scope);
  const isItem = scope.endsWith('[*]');

  /** The value of a member, which is not NULL; undefined if there is none. */
  const readValue = (member: WrittenMember, row: SourceRow, draft: DraftDocument): JsonValue | undefined => {
    const found = member.read(row);
    if ('value' in found) return found.value;
    const { name } = member.selected.column;
    const where = { resource: draft.resource ?? undefined, path: member.path, column: name };
    const place = placeOfRow(node, row);
    draft.diagnostics.push(
      'code' in found
        ? rowDiagnostic(found.code, place, `${found.text}.`, where)
        : rowDiagnostic('ODS_VALUE_REJECTED', place, `${name} ${found.finding}.`, where),
    );
    return undefined;
  };
  const put = (member: WrittenMember, row: SourceRow, target: DraftObject, draft: DraftDocument) => {
    const value = readValue(member, row, draft);
    if (value !== undefined)
      objectAt(target, member.names.slice(0, -1)).set(mustExist(member.names.at(-1), 'the name of a member'), value);
  };

  const writeReference = (reference: Reference, row: SourceRow, target: DraftObject, draft: DraftDocument) => {
    const { members, path, isRequired } = reference;
    const isThere = reference.isWhole && hasAll(reference, row);
    const unfitting = isThere ? unfittingMember(reference, row) : undefined;
    if (isThere && unfitting === undefined) {
      for (const member of members) put(member, row, target, draft);
      if (!isRequired && members.every((member) => isElsewhere(member, row)))
        draft.losses.push(['ODS_REFERENCE_IMPLIED', path]);
    } else if (unfitting !== undefined) draft.losses.push(['ODS_NAME_COLLISION', path, columnLabel(unfitting)]);
    else if (members.some((member) => isPresent(row[member.selected.index]) && !isElsewhere(member, row)))
      draft.losses.push(['ODS_REFERENCE_PARTIAL', path]);
  };

  return {
    place(object, row, draft) {
      if (!isItem) return objectAt(object, placeNames);
      const items = arrayAt(object, placeNames);
      const made: DraftObject = new Map();
      if (item === undefined) items.push(made);
      else if (isPresent(row[item.selected.index])) items.push(readValue(item, row, draft) ?? null);
      if (items.length === 2) draft.losses.push(['ODS_ORDER_LOST', scope]);
      return made;
    },
    unfitting(row) {
      const member = sharingMembers.find((each) => isPresent(row[each.selected.index]) && !fits(each, row));
      return member && columnLabel(member);
    },
    write(row, target, draft) {
      for (const { column, index } of required) {
        if (isPresent(row[index])) continue;
        const where = {
          resource: draft.resource ?? undefined,
          path: source.paths[column.name]?.[0],
          column: column.name,
        };
        const text = `${column.name} is NULL, and a document must have the value.`;
        draft.diagnostics.push(rowDiagnostic('ODS_VALUE_MISSING', placeOfRow(node, row), text, where));
      }
      for (const member of plain) {
        const { index, isRounded } = member.selected;
        if (!isPresent(row[index])) continue;
        if (!fits(member, row)) {
          draft.losses.push(['ODS_NAME_COLLISION', member.path, columnLabel(member)]);
          continue;
        }
        put(member, row, target, draft);
        if (isRounded) draft.losses.push(['ODS_MONEY_ROUNDED', member.path]);
      }
      for (const reference of references) writeReference(reference, row, target, draft);
    },
  };
}

/** The values and references for the object of a row. */
interface RowParts {
  /** The value that is the whole item; undefined where items are objects. */
  readonly item: WrittenMember | undefined;
  /** The values outside references. */
  readonly plain: readonly WrittenMember[];
  readonly references: readonly Reference[];
  /** The required values whose column holds the value of another path. */
  readonly sharing: readonly WrittenMember[];
}

function rowParts(rows: DocumentRows): RowParts {
  const { source, bindings } = rows;
  const all = rowMembers(rows);
  const byPath = new Map(all.map((member) => [member.path, member] as const));
  const ofReferences = new Set<string>(
    bindings.flatMap(({ identityBindings }) => identityBindings.map((each) => each.referenceJsonPath.canonical)),
  );
  const item = all.find(({ path }) => path === source.scope);
  const plain = all.filter((member) => !ofReferences.has(member.path) && member !== item);
  const references: Reference[] = [];
  for (const { referenceObjectPath, isRequired, identityBindings } of bindings) {
    const parts = identityBindings.flatMap(({ referenceJsonPath }) => byPath.get(referenceJsonPath.canonical) ?? []);
    if (parts.length === 0) continue;
    const own = new Set(parts.map(({ path }) => path));
    const members = parts.map((part): Reference['members'][number] => {
      const held = (source.paths[part.selected.column.name] ?? []).filter((path) => !own.has(path));
      const isRepeated = held.some((path) => !ofReferences.has(path) || !byPath.has(path));
      const sharers = plain.filter(({ selected, sharing }) => sharing !== null && selected === part.selected);
      return { ...part, isRepeated, sharers, others: [] };
    });
    const isWhole = parts.length === identityBindings.length;
    references.push({ path: referenceObjectPath.canonical, isRequired, isWhole, members });
  }
  for (const reference of references) {
    for (const { selected, others } of reference.members)
      append(
        others,
        references.filter((other) => other !== reference && other.members.some((each) => each.selected === selected)),
      );
  }
  return { item, plain, references, sharing: all.filter(({ sharing }) => sharing?.isRequired) };
}

/** The values of a row, each at the place of its path. */
function rowMembers({ node: { table, columns }, source, descriptors }: DocumentRows): readonly WrittenMember[] {
  const { scope } = source;
  const names = (path: string) => namesOf(path, scope);
  return [...columns.values()].flatMap((selected): readonly WrittenMember[] => {
    const { name } = selected.column;
    const isOwn = (path: string) => isInRow(path, scope) && !isOwnNumber(table, selected.column);
    const read = readerFor(selected, descriptors);
    const held = (source.paths[name] ?? []).filter(isOwn);
    const others = (source.sharing?.[name] ?? []).filter(({ path }) => isOwn(path));
    return [
      ...held.map((path) => ({ path, selected, read, names: names(path), sharing: null })),
      ...others.map((sharing) => {
        const { path } = sharing;
        return { path, selected, read: sharingReader(selected, sharing, descriptors), names: names(path), sharing };
      }),
    ];
  });
}

/** The members of a path that no array interrupts. */
const namesOf = (path: string, scope: string) => (path === scope ? [] : path.slice(scope.length + 1).split('.'));

/** The reader of the values of a column that are not NULL. */
function readerFor({ column, index, uniqueIdIndex }: ReadColumn, descriptors: DescriptorsById): Reader {
  const { content, name } = column;
  if (content.kind === 'descriptor') {
    const wanted = resourceKey(content.resource);
    return (row) => {
      const found = descriptors.get(row[index]);
      if (found?.resource === wanted) return { value: found.text };
      const text =
        found === undefined
          ? `${name} ${row[index]} is not in Descriptor`
          : `${name} ${row[index]} is ${found.resource === null ? 'a descriptor that was refused' : `a ${found.resource}, not a ${wanted}`}`;
      return { code: 'ODS_DESCRIPTOR_UNKNOWN', text };
    };
  }
  if (content.kind === 'usi') {
    return (row) => {
      const uniqueId = row[uniqueIdIndex ?? -1];
      if (isPresent(uniqueId)) return { value: String(uniqueId) };
      return {
        code: 'ODS_PERSON_UNKNOWN',
        text: `${name} ${row[index]} is of no ${resourceKey(content.resource)} with a unique id`,
      };
    };
  }
  const read = readerOf(column.type);
  return (row) => read(row[index]);
}

const isPresent = (value: unknown) => value !== null && value !== undefined;

/** The reader of the column of another value for a path: with the path's own type, if it can hold such values. */
function sharingReader(selected: ReadColumn, { content, type }: SharingPath, descriptors: DescriptorsById): Reader {
  const { column } = selected;
  if (!sameText(column.content, content)) return () => ({ finding: 'holds a value of another kind' });
  if (content.kind !== 'value') return readerFor(selected, descriptors);
  const read = sharingReaderOf(type, column.type);
  return (row) => read(row[selected.index]);
}

const sameText = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The object at some names, which is made if it is not there. */
function objectAt(around: DraftObject, names: readonly string[]): DraftObject {
  return names.reduce((object, name) => {
    const known = object.get(name);
    if (known instanceof Map) return known as DraftObject;
    const made: DraftObject = new Map();
    object.set(name, made);
    return made;
  }, around);
}

const hasAll = ({ members }: Reference, row: SourceRow) =>
  members.every(({ selected }) => isPresent(row[selected.index]));

/** The first column whose value the reference cannot have. */
const unfittingMember = ({ members }: Reference, row: SourceRow) => members.find((member) => !fits(member, row));

/** Whether a value of a column, which is not NULL, can be that of the path. */
const fits = ({ sharing, read }: WrittenMember, row: SourceRow) => sharing === null || 'value' in read(row);

/** Whether a value of a reference is also elsewhere in the document. */
const isElsewhere = ({ isRepeated, sharers, others }: Reference['members'][number], row: SourceRow) =>
  isRepeated || sharers.some((sharer) => fits(sharer, row)) || others.some((other) => isComplete(other, row));

const isComplete = (reference: Reference, row: SourceRow) =>
  reference.isWhole && hasAll(reference, row) && unfittingMember(reference, row) === undefined;

function arrayAt(around: DraftObject, names: readonly string[]): JsonValue[] {
  const object = objectAt(around, names.slice(0, -1));
  const last = mustExist(names.at(-1), 'the name of an array');
  const known = object.get(last);
  if (Array.isArray(known)) return known as JsonValue[];
  const made: JsonValue[] = [];
  object.set(last, made);
  return made;
}

/** A row in messages: the columns of its key. */
export function placeOfRow({ table, columns }: TableNode, row: SourceRow): RowPlace {
  const indexOf = (name: string) => mustExist(columns.get(name), `the column ${name} of ${tableLabel(table)}`).index;
  const key = table.key.map((name) => [name, String(row[indexOf(name)] ?? 'NULL')]);
  return { table: tableLabel(table), key: Object.fromEntries(key) };
}

/** A value that cannot be read, and why. */
interface RowFinding {
  readonly code: RowDiagnosticCode;
  readonly text: string;
}

type Reader = (row: SourceRow) => ReadValue | RowFinding;

/** A value of the row at its place in the object of the row. */
interface WrittenMember {
  readonly path: string;
  readonly names: readonly string[];
  readonly selected: ReadColumn;
  readonly read: Reader;
  /** The facts of a path whose value is in the column of another one; null for others. */
  readonly sharing: SharingPath | null;
}

interface Reference {
  readonly path: string;
  readonly isRequired: boolean;
  /** Whether the source has all of its columns. */
  readonly isWhole: boolean;
  readonly members: readonly (WrittenMember & {
    /** Whether another path of the document always has the value too. */
    readonly isRepeated: boolean;
    /** The paths outside references that have the value if it fits. */
    readonly sharers: readonly WrittenMember[];
    /** The other references that have the value. */
    readonly others: Reference[];
  })[];
}

/** The rows that documents of a resource have in a table. */
interface DocumentRows {
  readonly node: TableNode;
  readonly source: OdsSource;
  /** The rows around them; undefined for those of a root. */
  readonly around: OdsSource | undefined;
  readonly bindings: readonly DocumentReferenceBinding[];
  readonly descriptors: DescriptorsById;
}
