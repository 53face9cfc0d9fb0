import type { Catalog } from '@dms/catalog';
import type { DroppedAgain, KeptObject, KeptPartName, MadeAgain } from '@dms/databases';
import { qualified } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';

type KeptObjectName = Pick<KeptObject, 'kind' | 'schema' | 'name'>;

/** What a plan makes again, and views of others with it, for a comparison with what others gave (design 12a §3). */
export function madeAgain(
  { objects, laterNames }: Pick<UpgradePlan, 'objects' | 'laterNames'>,
  after: Catalog,
  views: readonly QualifiedName[],
): MadeAgain {
  const ofOthers = new Set(views.map(qualified));
  const isOfOthers = (object: KeptObjectName) => object.kind === 'relation' && ofOthers.has(qualified(object));
  const relations = new Set([...after.tables, ...after.views].map(qualified));
  const parts = laterParts(after);
  const dropped = new Set(
    objects.touched.flatMap(({ how, kind, schema, table, name }) =>
      how === 'drop' || how === 'retype' ? [key(kind, schema, table, name)] : [],
    ),
  );
  const isDropped = ({ kind, schema, name }: KeptObjectName) => {
    if (kind === 'schema') return dropped.has(key('schema', schema, null, null));
    return kind === 'function'
      ? dropped.has(key('function', schema, null, name))
      : dropped.has(key('relation', schema, name, null));
  };
  const laterName = (object: KeptObjectName) => qualified(laterNames.relation(object));
  const staysNamed = (object: KeptObjectName) => {
    switch (object.kind) {
      case 'schema':
        return after.schemas.includes(laterNames.schema(object.schema));
      case 'function':
        return after.functions.some((routine) => routine.schema === object.schema && routine.name === object.name);
      default:
        return relations.has(laterName(object));
    }
  };
  return {
    isRemoved: (object) => isDropped(object) && !staysNamed(object),
    isMadeAgain: (object) => isOfOthers(object) || (isDropped(object) && staysNamed(object)),
    isMoved: (object) => object.kind === 'relation' && laterNames.relation(object).schema !== object.schema,
    fateOf(object, part) {
      if (isOfOthers(object)) return 'again';
      const kinds = part.kind === 'index' ? (['index', 'constraint'] as const) : ([part.kind] as const);
      const isGone = kinds.some((kind) => dropped.has(key(kind, object.schema, object.name, part.name)));
      if (!isGone && !isDropped(object)) return 'stays';
      const later = laterNames.part(object, part);
      return parts.get(laterName(object))?.has(partName(part, later)) ? 'again' : 'gone';
    },
  };
}

/** What a plan drops and makes again, and the columns whose types it changes, for the check in its script. */
export function droppedAgain(
  plan: Pick<UpgradePlan, 'objects' | 'laterNames'>,
  after: Catalog,
): readonly DroppedAgain[] {
  const { isMadeAgain, fateOf } = madeAgain(plan, after, []);
  return plan.objects.touched.flatMap(({ how, kind, schema, table, name }): readonly DroppedAgain[] => {
    if ((how !== 'drop' && how !== 'retype') || kind === 'schema') return [];
    const of = kind === 'function' ? 'function' : 'relation';
    const object = { how, kind: of, schema, name: (of === 'function' ? name : table) ?? '', part: null } as const;
    if (kind === 'function' || kind === 'relation') return isMadeAgain(object) ? [object] : [];
    const part = { kind, name: name ?? '' };
    if (fateOf(object, part) !== 'again') return [];
    // a key has an index of its name
    const index = kind === 'constraint' ? [{ ...object, part: { kind: 'index' as const, name: part.name } }] : [];
    return [{ ...object, part }, ...index];
  });
}

const key = (...parts: readonly (string | null)[]) => JSON.stringify(parts);

/** Keys have an index of the same name. */
const partName = ({ kind }: Pick<KeptPartName, 'kind'>, name: string) =>
  `${kind === 'index' ? 'constraint' : kind} ${name}`;

function laterParts({ tables, views }: Catalog): ReadonlyMap<string, ReadonlySet<string>> {
  const named = (kind: KeptPartName['kind'], list: readonly { readonly name: string }[]) =>
    list.map(({ name }) => partName({ kind }, name));
  return new Map<string, ReadonlySet<string>>([
    ...tables.map((table): [string, ReadonlySet<string>] => {
      const { columns, primaryKey, uniques, foreignKeys, checks, indexes, triggers } = table;
      const keys = [...(primaryKey ? [primaryKey] : []), ...uniques, ...foreignKeys, ...checks];
      return [
        qualified(table),
        new Set([
          ...named('column', columns),
          ...named('constraint', keys),
          ...named('index', indexes),
          ...named('trigger', triggers),
        ]),
      ];
    }),
    ...views.map((view): [string, ReadonlySet<string>] => [qualified(view), new Set(named('column', view.columns))]),
  ]);
}
