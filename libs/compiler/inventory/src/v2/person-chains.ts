import { type JsonPath, resourceLabel } from '@dms/api-schema';
import {
  type FullNames,
  modelIndex,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { groupBy } from '@dms/values';
import type { PersonJoinStep, PersonKind } from '../inventory.ts';
import { isCoreProject, isInArray, ResourceTables } from './resource-tables.ts';

/** The kinds of people by which a resource can be secured, in their order (design 15a §1). */
export const personKinds: readonly PersonKind[] = ['Student', 'Contact', 'Staff'];

const members = { Student: 'student', Contact: 'contact', Staff: 'staff' } as const;

const ownIds: Readonly<Record<PersonKind, string>> = {
  Student: '$.studentUniqueId',
  Contact: '$.contactUniqueId',
  Staff: '$.staffUniqueId',
};

/** Finds the chain of references from a resource to a person (design 15a §2). */
export class PersonChains {
  private readonly model: RelationalModelSet;
  private readonly tables = new Map<ResourceModel, ResourceTables>();
  private readonly names: FullNames;
  private readonly ways = new Map<PersonKind, WaysToPeople>();

  constructor(model: RelationalModelSet, names: FullNames) {
    this.model = model;
    this.names = names;
  }

  tablesOf(resource: ResourceModel): ResourceTables {
    let tables = this.tables.get(resource);
    if (!tables) {
      tables = new ResourceTables(resource, this.names);
      this.tables.set(resource, tables);
    }
    return tables;
  }

  /** Whether a path is the unique id of the person itself. */
  isOwnId(resource: ResourceModel, path: JsonPath, person: PersonKind): boolean {
    return isPerson(resource, person) && path.canonical === ownIds[person];
  }

  /**
   * The people that references in the identity of a resource reach directly, each with the path of such a reference.
   */
  identityPeople(
    resource: ResourceModel,
  ): readonly { readonly person: PersonKind; readonly path: JsonPath; readonly chain: readonly ChainStep[] }[] {
    return personKinds.flatMap((person) => {
      const [found] = resource.identityElements.flatMap(({ identityJsonPath: path }) => {
        const hop = this.hop(resource, path);
        return hop && isPerson(hop.target, person) ? [{ person, path, chain: [hop.step] }] : [];
      });
      return found ?? [];
    });
  }

  /** The steps from a resource over one of its paths to a person; undefined if no references lead to one. */
  chain(resource: ResourceModel, path: JsonPath, person: PersonKind): readonly ChainStep[] | undefined {
    const first = this.hop(resource, path);
    if (!first) return undefined;
    if (isPerson(first.target, person)) return [first.step];
    const rest = this.rest(first.target, person, resource);
    return rest && [first.step, ...rest];
  }

  /** The reference of the root table that has a part at the path, to a resource with tables. */
  private hop(resource: ResourceModel, path: JsonPath): Hop | undefined {
    if (isInArray(path)) return undefined;
    const tables = this.tablesOf(resource);
    const [binding] = tables.rootBindingsAt(path);
    const target = binding && modelIndex(this.model).resources.get(resourceLabel(binding.targetResource));
    const source = tables.root;
    const targetRoot = target?.tablesInDependencyOrder[0];
    if (!binding || !target || !source || !targetRoot) return undefined;
    const column = tables.storageOf(source, binding.fkColumn);
    const [documentId] = targetRoot.key.columns;
    const step: PersonJoinStep = {
      sourceTable: source.table,
      sourceColumn: column.name,
      targetTable: targetRoot.table,
      targetColumn: mustExist(documentId, `the key of ${qualified(targetRoot.table)}`).name,
    };
    return { target, step: { source, target: targetRoot, step, isNullable: column.isNullable } };
  }

  private waysTo(person: PersonKind): WaysToPeople {
    const known = this.ways.get(person);
    if (known) return known;
    const hops = new Map(
      this.model.resources.map((resource) => [
        resource,
        personPaths(resource, person).flatMap((path) => this.hop(resource, path) ?? []),
      ]),
    );
    const links = [...hops].flatMap(([resource, list]) => list.map(({ target }) => ({ resource, target })));
    const linksTo = groupBy(links, ({ target }) => target);
    const before = new Map([...linksTo].map(([target, list]) => [target, list.map(({ resource }) => resource)]));
    const people = this.model.resources.filter((resource) => isPerson(resource, person));
    const ways: WaysToPeople = { hops, before, people, distances: new Map() };
    this.ways.set(person, ways);
    return ways;
  }

  /** The distance of each resource from a person on paths that avoid `start`. */
  private distances(
    { before, people, distances }: WaysToPeople,
    start: ResourceModel,
  ): ReadonlyMap<ResourceModel, number> {
    const known = distances.get(start);
    if (known) return known;
    const found = new Map(people.filter((person) => person !== start).map((person) => [person, 0]));
    // iteration over a map includes entries that are added meanwhile
    for (const [resource, distance] of found) {
      for (const other of before.get(resource) ?? [])
        if (other !== start && !found.has(other)) found.set(other, distance + 1);
    }
    distances.set(start, found);
    return found;
  }

  /**
   * The shortest path from a resource to the person that does not return to `start`; at every step the first of equally
   * short paths.
   */
  private rest(from: ResourceModel, person: PersonKind, start: ResourceModel): readonly ChainStep[] | undefined {
    const ways = this.waysTo(person);
    const distances = this.distances(ways, start);
    const steps: ChainStep[] = [];
    let resource = from;
    while (!isPerson(resource, person)) {
      let nearest: { readonly hop: Hop; readonly distance: number } | undefined;
      for (const hop of ways.hops.get(resource) ?? []) {
        const distance = distances.get(hop.target);
        if (distance !== undefined && (!nearest || distance < nearest.distance)) nearest = { hop, distance };
      }
      if (!nearest) return undefined;
      steps.push(nearest.hop.step);
      resource = nearest.hop.target;
    }
    return steps;
  }
}

const isPerson = ({ resourceKey }: ResourceModel, person: PersonKind) =>
  resourceKey.resourceName === person && isCoreProject(resourceKey.projectName);

/** The paths of a resource to a person of one kind. */
export const personPaths = ({ securableElements }: ResourceModel, person: PersonKind): readonly JsonPath[] =>
  securableElements[members[person]];

/** A step with the tables as objects: a reference of the root table of one resource to the root table of another. */
export interface ChainStep {
  readonly source: Table;
  readonly target: Table;
  readonly step: PersonJoinStep;
  readonly isNullable: boolean;
}

interface Hop {
  readonly step: ChainStep;
  readonly target: ResourceModel;
}

/** The paths from resources to the people of one kind. */
interface WaysToPeople {
  /** Hops by resource, in the order of its paths. */
  readonly hops: ReadonlyMap<ResourceModel, readonly Hop[]>;
  /** The resources with a step to each resource. */
  readonly before: ReadonlyMap<ResourceModel, readonly ResourceModel[]>;
  readonly people: readonly ResourceModel[];
  /** For each excluded resource: the number of steps from each other resource to a person. */
  readonly distances: Map<ResourceModel, ReadonlyMap<ResourceModel, number>>;
}
