import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { type FullNames, promised, qualified, type RelationalModelSet, type ResourceModel, type Table } from '@dms/model';
import type { PersonJoinStep, PersonKind } from '../inventory.ts';
import { isCoreProject } from './core-project.ts';
import { isInArray, ResourceTables } from './resource-tables.ts';

/** The kinds of people that a resource can be secured by, in their order (design 15a §1). */
export const personKinds: readonly PersonKind[] = ['Student', 'Contact', 'Staff'];

const members = { Student: 'student', Contact: 'contact', Staff: 'staff' } as const;

const ownIds: Readonly<Record<PersonKind, string>> = {
  Student: '$.studentUniqueId',
  Contact: '$.contactUniqueId',
  Staff: '$.staffUniqueId',
};

/** The paths by which a resource names a person. */
export const personPaths = ({ securableElements }: ResourceModel, person: PersonKind): readonly JsonPath[] =>
  securableElements[members[person]];

const isPerson = ({ resourceKey }: ResourceModel, person: PersonKind) =>
  resourceKey.resourceName === person && isCoreProject(resourceKey.projectName);

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

/** Finds how a resource leads to a person, reference by reference (design 15a §2). */
export class PersonChains {
  private readonly resources: ReadonlyMap<string, ResourceModel>;
  private readonly tables = new Map<ResourceModel, ResourceTables>();
  private readonly names: FullNames;
  private readonly hops = new Map<string, Hop | undefined>();

  constructor(model: RelationalModelSet, names: FullNames) {
    this.resources = new Map(model.resources.map((resource) => [resourceLabel(resource.resourceKey), resource]));
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

  /** The steps from a resource over one of its paths to a person; undefined where no references lead there. */
  chain(resource: ResourceModel, path: JsonPath, person: PersonKind): readonly ChainStep[] | undefined {
    const first = this.hop(resource, path);
    if (!first) return undefined;
    if (isPerson(first.target, person)) return [first.step];
    const rest = this.rest(first.target, person, resource);
    return rest && [first.step, ...rest];
  }

  /** The reference of the root table that has a part at the path, to a resource with tables. */
  private hop(resource: ResourceModel, path: JsonPath): Hop | undefined {
    const key = `${resourceLabel(resource.resourceKey)} ${path.canonical}`;
    if (!this.hops.has(key)) this.hops.set(key, this.findHop(resource, path));
    return this.hops.get(key);
  }

  private findHop(resource: ResourceModel, path: JsonPath): Hop | undefined {
    if (isInArray(path)) return undefined;
    const tables = this.tablesOf(resource);
    const [binding] = tables.rootBindingsAt(path);
    const target = binding && this.resources.get(resourceLabel(binding.targetResource));
    const [source, targetRoot] = [tables.root, target?.tablesInDependencyOrder[0]];
    if (!binding || !target || !source || !targetRoot) return undefined;
    const column = tables.storageOf(source, binding.fkColumn);
    const [documentId] = targetRoot.key.columns;
    const step: PersonJoinStep = {
      sourceTable: source.table,
      sourceColumn: column.name,
      targetTable: targetRoot.table,
      targetColumn: promised(documentId, `the key of ${qualified(targetRoot.table)}`).name,
    };
    return { target, step: { source, target: targetRoot, step, isNullable: column.isNullable } };
  }

  /** The hops of a resource towards a person, in the order of its paths. */
  private hopsTo(resource: ResourceModel, person: PersonKind): Hop[] {
    return personPaths(resource, person).flatMap((path) => this.hop(resource, path) ?? []);
  }

  /** The shortest way from a resource to the person that does not come back to `start`, the first of equally short ones. */
  private rest(from: ResourceModel, person: PersonKind, start: ResourceModel): readonly ChainStep[] | undefined {
    const cameFrom = new Map<ResourceModel, { readonly before: ResourceModel; readonly step: ChainStep } | undefined>([
      [from, undefined],
    ]);
    // breadth first, paths in order: the first way to arrive is the shortest, and of those the one whose first step comes first
    for (const [resource] of cameFrom) {
      if (isPerson(resource, person)) {
        const way: ChainStep[] = [];
        for (let at = cameFrom.get(resource); at; at = cameFrom.get(at.before)) way.unshift(at.step);
        return way;
      }
      for (const { target, step } of this.hopsTo(resource, person))
        if (target !== start && !cameFrom.has(target)) cameFrom.set(target, { before: resource, step });
    }
    return undefined;
  }
}
