import type { Expression } from '@dms/catalog';
import type { QualifiedResourceName } from '@dms/model';
import type { SideTable } from '../matching/table-pairs.ts';
import type { Fits } from './type-conversion.ts';
import type { Value } from './value.ts';

/** What a change belongs to, and its place: in the earlier set if something is removed, otherwise in the later set. */
interface Place {
  /** `Project:Resource`, or `(core)`. */
  readonly owner: string;
  /** `schema.table` and the name inside it; for resources `Project:Resource`. */
  readonly path: readonly string[];
}

/** The state before and after, where a plan shows it. */
interface Shown {
  readonly before?: string | number | undefined;
  readonly after?: string | number | undefined;
}

/** A descriptor resource by its number and names, from which referential ids are computed. */
export interface NumberedDescriptor extends QualifiedResourceName {
  readonly id: number;
}

export type ResourceKind = 'resource' | 'descriptor' | 'abstract resource';

/** A column of the earlier set that refers to documents. */
export interface ReferenceColumn {
  readonly table: SideTable;
  readonly column: string;
}

/** Changes that are possible whatever rows there are, and that need nothing from the rows. */
export interface FreeChange extends Place, Shown {
  readonly kind:
    | `${ResourceKind} added`
    | 'table added'
    | 'table renamed'
    | 'column added'
    | 'column renamed'
    | 'column optional'
    | 'default changed'
    | 'type wider'
    | 'constraint renamed'
    | 'index renamed'
    | 'unique removed'
    | 'check removed'
    | 'foreign key removed'
    | 'foreign key action changed'
    | 'index added'
    | 'index removed'
    | 'trigger added'
    | 'trigger changed'
    | 'trigger removed'
    | 'view added'
    | 'view changed'
    | 'view removed'
    | 'resource version';
  /** For an added column: whether every row has a value as soon as the column exists. */
  readonly isComputed?: boolean | undefined;
  /** For a changed trigger: whether the trigger of the earlier set already does what the later set needs, and stays. */
  readonly isKept?: boolean | undefined;
  /** `schema.table` that a foreign key of the earlier set refers to. */
  readonly target?: string | undefined;
}

/** Rows that the script recomputes or renumbers. */
export interface RewrittenChange extends Place, Shown {
  readonly kind:
    | 'project renamed'
    | `${Exclude<ResourceKind, 'descriptor'>} renamed`
    | 'referential ids'
    | 'hierarchy'
    | 'discriminator';
}

/** A resource gets another resource key. */
export interface ResourceKeyMoved extends Place, Shown {
  readonly kind: 'resource key';
  /** The tables, as `schema.table`, whose rows hold the key. */
  readonly holders: readonly string[];
}

/** Changes that would need values that exist nowhere. */
export interface ImpossibleChange extends Place, Shown {
  readonly kind:
    | 'kind of resource changed'
    | 'resource became an extension'
    | 'nesting changed'
    | 'column kind changed'
    | 'target changed'
    | 'identity changed'
    | 'type changed'
    | 'abstract identity mapping changed'
    | 'discriminator shared';
}

/** A descriptor with another name; each of its documents gets another referential id. */
export interface DescriptorRenamed extends Place, Shown {
  readonly kind: 'descriptor renamed';
  /** The name and the number in the earlier set, from which its referential ids were computed. */
  readonly descriptor: NumberedDescriptor;
}

export interface ResourceRemoved extends Place {
  readonly kind: `${ResourceKind} removed`;
  /** Its number; null for an abstract resource, which has no documents. */
  readonly resourceKeyId: number | null;
  /** What stays, and may refer to its documents through an abstract resource. */
  readonly referrers: readonly ReferenceColumn[];
}

export interface TableRemoved extends Place {
  readonly kind: 'table removed';
}

/** A column in a table of both sets. */
interface ColumnChange extends Place {
  readonly table: SideTable;
}

export interface TypeNarrower extends ColumnChange, Shown {
  readonly kind: 'type narrower';
  readonly value: Value;
  readonly fits: Fits;
}

export interface TypeConverted extends ColumnChange, Shown {
  readonly kind: 'type converted';
  readonly value: Value;
  /** The condition on converted values; null if they always fulfil it. */
  readonly fits: Fits | null;
  /** Whether the later set requires the value and the earlier one did not. */
  readonly becomesRequired: boolean;
  /** Whether the later set requires the value. */
  readonly isRequired: boolean;
}

/** A type that no value of the earlier one can be converted to. */
export interface TypeReplaced extends ColumnChange, Shown {
  readonly kind: 'type replaced';
  readonly value: Value;
  readonly isPermitted: boolean;
}

export interface ColumnRequired extends ColumnChange {
  readonly kind: 'column required';
  readonly value: Value;
}

export interface RequiredColumnAdded extends ColumnChange {
  readonly kind: 'required column added';
}

export interface ColumnFilled extends ColumnChange {
  readonly kind: 'column filled';
  readonly value: Value;
  readonly isRequired: boolean;
}

/** A generated column, with what its role held before and what it will show. */
export interface ColumnUnified extends ColumnChange {
  readonly kind: 'column unified';
  readonly held: Value;
  readonly shown: Value;
}

export interface ColumnRemoved extends ColumnChange {
  readonly kind: 'column removed';
  readonly value: Value;
}

export interface UniqueAdded extends ColumnChange {
  readonly kind: 'primary key added' | 'unique added';
  readonly values: readonly Value[];
  /** Whether it follows from a unique constraint of the earlier set, or concerns new columns. */
  readonly isImplied: boolean;
}

export interface CheckAdded extends ColumnChange {
  readonly kind: 'check added';
  readonly condition: Expression;
  /** What the columns of the condition hold. */
  readonly values: ReadonlyMap<string, Value>;
}

export interface ForeignKeyAdded extends ColumnChange {
  readonly kind: 'foreign key added' | 'foreign key changed';
  readonly values: readonly Value[];
  readonly target: SideTable;
  readonly targetValues: readonly Value[];
}

/** A resource that joins an abstract resource, or leaves it. */
export interface AbstractIdentities extends Place {
  readonly kind: 'abstract identities';
  /** The number of a resource that leaves an abstract resource, and what refers to its documents through the abstract resource. */
  readonly leaves: { readonly resourceKeyId: number; readonly referrers: readonly ReferenceColumn[] } | null;
}

/** A difference between two schema sets. Everything else in a plan is made from changes (design 12 §3). */
export type Change =
  | FreeChange
  | RewrittenChange
  | ResourceKeyMoved
  | (ImpossibleChange & { readonly reason: string })
  | DescriptorRenamed
  | ResourceRemoved
  | TableRemoved
  | TypeNarrower
  | TypeConverted
  | TypeReplaced
  | ColumnRequired
  | RequiredColumnAdded
  | ColumnFilled
  | ColumnUnified
  | ColumnRemoved
  | UniqueAdded
  | CheckAdded
  | ForeignKeyAdded
  | AbstractIdentities;

export type ChangeKind = Change['kind'];
