import { generations } from '@dms/catalog';
import { printable } from '@dms/diagnostics';
import { core, qualified } from '@dms/model';
import type { CatalogValue, ObjectKind } from '../drift/difference.ts';
import type { ImpactChange, ResourceImpact } from './impact.ts';

/** A change in words: the kind of object, its name, and a note. */
export interface ChangeWords {
  readonly kind: string;
  readonly kinds: string;
  readonly name: string;
  /** For an added or removed object its definition; for a change the old and the new value. */
  readonly note: string;
}

const longestNote = 100;

const kindNames: Readonly<Record<ObjectKind, readonly [string, string]>> = {
  schema: ['schema', 'schemas'],
  extension: ['extension', 'extensions'],
  sequence: ['sequence', 'sequences'],
  table: ['table', 'tables'],
  column: ['column', 'columns'],
  columnOrder: ['order of columns', 'orders of columns'],
  primaryKey: ['primary key', 'primary keys'],
  unique: ['unique key', 'unique keys'],
  foreignKey: ['foreign key', 'foreign keys'],
  check: ['check', 'checks'],
  index: ['index', 'indexes'],
  trigger: ['trigger', 'triggers'],
  view: ['view', 'views'],
  function: ['function', 'functions'],
  tableType: ['table type', 'table types'],
  role: ['role', 'roles'],
  grant: ['grant', 'grants'],
  seed: ['seed row', 'seed rows'],
};

/** The names of constraints, indexes and triggers contain the name of their table. */
const isNamedAfterTable: ReadonlySet<ObjectKind> = new Set(['primaryKey', 'unique', 'foreignKey', 'check', 'index', 'trigger']);

type Members = { readonly [name: string]: CatalogValue | undefined };

const membersOf = (value: CatalogValue | undefined): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};

function shortened(text: string): string {
  const shown = printable(text);
  return shown.length > longestNote ? `${shown.slice(0, longestNote)}…` : shown;
}

function valueText(value: CatalogValue | undefined): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const parts = value.map((part) => {
      const { name, type } = membersOf(part);
      return name === undefined ? valueText(part) : `${valueText(name)} ${valueText(type)}`;
    });
    return `(${parts.join(', ')})`;
  }
  const { schema, table, expression } = membersOf(value);
  if (schema !== undefined && table !== undefined) return `${valueText(schema)}.${valueText(table)}`;
  return expression === undefined ? JSON.stringify(value) : valueText(expression);
}

/** The definition of an added or removed object. */
function description(object: ObjectKind, value: CatalogValue | undefined): string {
  const { type, nullable, default: usual, generated, columns, target, expression, events } = membersOf(value);
  switch (object) {
    case 'column': {
      const origin = generated ? ', computed' : usual ? `, default ${valueText(usual)}` : '';
      return `${valueText(type)}, ${nullable ? 'nullable' : 'not null'}${origin}`;
    }
    case 'primaryKey':
    case 'unique':
    case 'index':
      return valueText(columns);
    case 'foreignKey':
      return `${valueText(columns)} → ${valueText(target)}`;
    case 'check':
      return valueText(expression);
    case 'trigger':
      return valueText(events).replace(/^\(|\)$/g, '');
    default:
      return '';
  }
}

const fieldNames: Readonly<Record<string, string>> = {
  targetColumns: 'target columns',
  securityDefiner: 'security definer',
  publicExecute: 'everybody may execute',
  memberOf: 'member of',
  onDelete: 'on delete',
  onUpdate: 'on update',
  updateOf: 'update of',
  oldTable: 'old table',
  newTable: 'new table',
  generated: 'computed as',
  projectVersion: 'version',
  projectName: 'project',
};

function transition({ field = '', before, after }: ImpactChange): string {
  if (field === 'body') return 'another body';
  if (field === 'nullable') return after === true ? 'not null → nullable' : 'nullable → not null';
  return `${fieldNames[field] ?? field} ${valueText(before)} → ${valueText(after)}`;
}

/** Describes a change in words. */
export function changeWords(change: ImpactChange): ChangeWords {
  const { object, path } = change;
  if (isProjectRow(change)) return projectWords(change);
  const [kind, kinds] = kindNames[object];
  const name = isNamedAfterTable.has(object) ? (path.at(-1) ?? '') : path.join('.');
  const note = change.change === 'changed' ? transition(change) : description(object, change.after ?? change.before);
  return { kind, kinds, name: printable(name), note: shortened(note) };
}

const isProjectRow = ({ object, path: [table] }: ImpactChange) =>
  object === 'seed' && table === qualified(core.schemaComponent);

function projectWords(change: ImpactChange): ChangeWords {
  const { projectName, projectVersion } = membersOf(change.after ?? change.before);
  const note = change.change === 'changed' ? transition(change) : `${valueText(projectName)} ${valueText(projectVersion)}`;
  return { kind: 'project', kinds: 'projects', name: printable(change.path[1] ?? ''), note: shortened(note) };
}

/** The functions of all generations that are not bodies of triggers. */
const routines: ReadonlySet<string> = new Set(
  Object.values(generations).flatMap(({ objects }) => Object.values(objects).flatMap((entry) => entry.routines.map(qualified))),
);

const nameOf = (place: string) => place.replace(/\(.*\)$/s, '');

/** A function with the body of a trigger is added and removed with the trigger and its table, which are reported instead. */
const goesWithTrigger = ({ object, change, path: [place = ''] }: ImpactChange) =>
  object === 'function' && change !== 'changed' && !routines.has(nameOf(place));

/** Resource keys are reported by resource, not by the id whose row differs. */
export const isKeyRow = ({ object, path: [table] }: ImpactChange): boolean =>
  object === 'seed' && table === qualified(core.resourceKey);

/** Whether a body changed only because its resource has a new id. */
export const followsKey = ({ because }: ImpactChange): boolean => because === qualified(core.resourceKey);

/** The changes that are listed one by one. */
export const toldChanges = ({ changes }: ResourceImpact): readonly ImpactChange[] =>
  changes.filter((change) => !isKeyRow(change) && !followsKey(change) && !goesWithTrigger(change));

/** Whether there is anything to report about a resource. */
export const isTold = (entry: ResourceImpact): boolean => entry.changes.some(isKeyRow) || toldChanges(entry).length > 0;

/** `1 table`, `2 tables`. */
