import { type DocumentPlace, equalPlaces, qualified, type ResourceModel } from '@dms/model';
import { type GroupFacts, narrowerGroup } from './schema-facts.ts';

/** A value that several rows of a document share, because an equality constraint between tables says so. */
export interface SharedValue {
  /** The same for all rows that share it. */
  readonly name: string;
  /** Values of different kinds are never equal, so a document has only those of one kind. */
  readonly kind: string;
}

/** The values of a table. */
interface Groups {
  /** By path. */
  readonly groupOf: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, GroupFacts>;
}

/** A group of a table, by the scope of the table. */
interface Member {
  readonly scope: string;
  readonly group: string;
}

function kindOf({ type, descriptor }: GroupFacts): string {
  if (descriptor !== null) return descriptor;
  return type?.kind === 'Int32' || type?.kind === 'Int64' ? 'integer' : (type?.kind ?? 'String');
}

/** The groups that share a value, directly or through others. */
function sharedGroups(resource: ResourceModel, tables: ReadonlyMap<string, Groups>): readonly (readonly Member[])[] {
  const scopes = new Map(
    resource.tablesInDependencyOrder.map(({ table, jsonScope }) => [qualified(table), jsonScope.canonical]),
  );
  const classes = new Map<string, Member[]>();
  const classOf = ({ path, binding }: DocumentPlace): Member[] => {
    const scope = scopes.get(qualified(binding.table)) ?? '$';
    const group = tables.get(scope)?.groupOf.get(path.canonical) ?? path.canonical;
    const key = `${scope} ${group}`;
    const known = classes.get(key) ?? [{ scope, group }];
    classes.set(key, known);
    return known;
  };
  for (const { a, b } of equalPlaces(resource)) {
    const one = classOf(a);
    const other = classOf(b);
    if (one === other) continue;
    one.push(...other);
    for (const { scope, group } of other) classes.set(`${scope} ${group}`, one);
  }
  return [...new Set(classes.values())];
}

/** The facts of tables, with the values that their rows share with rows of other tables, by group. */
export function withSharedValues<Facts extends Groups>(
  resource: ResourceModel,
  tables: ReadonlyMap<string, Facts>,
): ReadonlyMap<string, Facts & { readonly shared: ReadonlyMap<string, SharedValue> }> {
  const result = new Map(
    [...tables].map(([scope, facts]) => [
      scope,
      { ...facts, groups: new Map(facts.groups), shared: new Map<string, SharedValue>() },
    ]),
  );
  for (const [index, members] of sharedGroups(resource, tables).entries()) {
    const ofKind = new Map<string, GroupFacts>();
    const found = members.flatMap(({ scope, group }) => {
      const table = result.get(scope);
      const facts = tables.get(scope)?.groups.get(group);
      return table && facts ? [{ table, group, facts, kind: kindOf(facts) }] : [];
    });
    for (const { facts, kind } of found) ofKind.set(kind, narrowerGroup(ofKind.get(kind), facts));
    for (const { table, group, facts, kind } of found) {
      table.groups.set(group, ofKind.get(kind) ?? facts);
      table.shared.set(group, { name: String(index), kind });
    }
  }
  return result;
}
