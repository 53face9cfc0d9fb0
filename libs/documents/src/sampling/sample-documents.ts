import { type DocumentSchemas, resourceLabel } from '@dms/api-schema';
import { compareOrdinal, type JsonObject } from '@dms/files';
import { mustExist, type RelationalModelSet, type ResourceModel, type ScalarType } from '@dms/model';
import { SampleConflict } from './compose-document.ts';
import { DocumentWorld } from './document-world.ts';
import { evenly } from './fill.ts';
import { descriptorDocument } from './generate-documents.ts';
import { sampleValue } from './sample-values.ts';
import type { Scalar } from './scalar.ts';
import { seededNumbers } from './seeded-numbers.ts';

/** A document, or a descriptor that later documents name. */
export interface SampleDocument {
  readonly kind: 'document' | 'descriptor';
  /** `Project:Resource`. */
  readonly resource: string;
  readonly document: JsonObject;
}

export interface SampleOptions {
  /** How many documents, not counting descriptors. */
  readonly documents: number;
  readonly seed: number;
  /** The schemas that an API checks documents with (design 01 §9.1). Without them documents only fit the tables. */
  readonly schemas?: DocumentSchemas | undefined;
}

/** How many documents of each resource references choose from, spread over all documents made so far. */
const choice = 1024;
/** The share of optional members that documents have. */
const share = 0.5;
/** The least share of documents that are not made as targets: only these may need targets for optional references. */
const ownShare = 0.5;
/**
 * The number of rounds in which the documents of each resource are made, so that references reach all existing
 * documents.
 */
const turns = 64;
/** The growth factor for resources whose identity refers to others. */
const growth = 2;
const highestLevel = 4;

const noLimit = { maxLength: null, decimal: null };
const dateType: ScalarType = { kind: 'Date', ...noLimit };
const textType: ScalarType = { kind: 'String', ...noLimit };

/** The optional members of each descriptor, as far as its schema has them. */
function optionalOfDescriptors({ resources }: RelationalModelSet) {
  const types = { description: textType, effectiveBeginDate: dateType, effectiveEndDate: dateType } as const;
  return new Map(
    resources.map(({ resourceKey, descriptorMetadata }) => {
      const { columns } = descriptorMetadata ?? {};
      const members = (['description', 'effectiveBeginDate', 'effectiveEndDate'] as const).flatMap((name) =>
        columns?.[name] ? [{ name, type: types[name] }] : [],
      );
      return [resourceLabel(resourceKey), members] as const;
    }),
  );
}

/** The targets of the required references of a resource, with members in place of abstract resources. */
function requiredTargets(model: RelationalModelSet, resource: ResourceModel, onlyIdentity: boolean): string[] {
  const members = new Map(
    model.abstractUnionViews.map(({ resourceKey, unionArms }) => [
      resourceLabel(resourceKey),
      unionArms.map(({ concreteMember }) => resourceLabel(concreteMember)),
    ]),
  );
  const required = new Set(
    resource.tablesInDependencyOrder.flatMap(({ columns }) =>
      columns.filter(({ isNullable }) => !isNullable).map(({ name }) => name as string),
    ),
  );
  return resource.documentReferenceBindings
    .filter(({ isIdentityComponent, fkColumn }) => (onlyIdentity ? isIdentityComponent : required.has(fkColumn)))
    .flatMap(({ targetResource }) => {
      const name = resourceLabel(targetResource);
      return members.get(name) ?? [name];
    });
}

/** The longest path over targets, for each resource; a circle ends it. */
function levels(targets: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (name: string): number => {
    const known = found.get(name);
    if (known !== undefined) return known;
    found.set(name, 0);
    const level = (targets.get(name) ?? []).reduce((most, target) => Math.max(most, visit(target) + 1), 0);
    found.set(name, level);
    return level;
  };
  for (const name of targets.keys()) visit(name);
  return found;
}

const levelOf = (levels: ReadonlyMap<string, number>, name: string) =>
  mustExist(levels.get(name), `the level of ${name}`);

/**
 * The number of documents of each resource. It grows with the distance of the identity from resources without
 * references, as schools have sections and sections have students. The ratio is the same for any total; shares are
 * rounded so that they add up to the total.
 */
function quotas(names: readonly string[], level: ReadonlyMap<string, number>, total: number): Map<string, number> {
  const weight = (name: string) => 1 + growth ** Math.min(levelOf(level, name), highestLevel);
  const sum = names.reduce((all, name) => all + weight(name), 0);
  const result = new Map<string, number>();
  let weights = 0;
  let given = 0;
  for (const name of names) {
    weights += weight(name);
    const upTo = Math.round((total * weights) / sum);
    result.set(name, upTo - given);
    given = upTo;
  }
  return result;
}

/**
 * Test documents in realistic numbers (design 14 §5): `documents` over all resources in a stable ratio, targets before
 * their referrers, references spread over the existing documents, descriptors before the documents that name them. They
 * are streamed: memory holds only the documents that references choose from, and a short key for each identity.
 */
export function* sampleDocuments(
  model: RelationalModelSet,
  { documents, seed, schemas }: SampleOptions,
): Generator<SampleDocument, void, undefined> {
  const next = seededNumbers(seed);
  const fill = evenly(next, share);
  const world = new DocumentWorld(model, next, { hasVariedDescriptors: true, choice, schemas, targetFill: fill });
  const resources = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
  const targetsOf = (onlyIdentity: boolean) =>
    new Map(
      resources.map((resource) => [
        resourceLabel(resource.resourceKey),
        requiredTargets(model, resource, onlyIdentity),
      ]),
    );
  const order = levels(targetsOf(false));
  const names = world.labels.sort((a, b) => levelOf(order, a) - levelOf(order, b) || compareOrdinal(a, b));
  const wanted = quotas(names, levels(targetsOf(true)), documents);
  const made = new Map<string, number>();
  const ownMade = new Map<string, number>();
  let count = 0;

  const optional = optionalOfDescriptors(model);
  let descriptors = 0;
  /** A share of the optional members of a descriptor. */
  function optionalMembers(resource: string): [string, Scalar][] {
    descriptors += 1;
    const choices = fill.choicesFor(resource);
    const members = optional.get(resource) ?? [];
    return members.flatMap(({ name, type }) =>
      choices.has(`$.${name}`) ? [[name, sampleValue(type, descriptors, false)]] : [],
    );
  }

  function* take(): Generator<SampleDocument, void, undefined> {
    for (const { resource, ...descriptor } of world.takeNewDescriptors()) {
      const document = new Map([...descriptorDocument(descriptor), ...optionalMembers(resource)]);
      yield { kind: 'descriptor', resource, document };
    }
    for (const { resource, document } of world.takeNew()) {
      made.set(resource, (made.get(resource) ?? 0) + 1);
      // nothing refers to the last document yet
      if (count === documents) return;
      count += 1;
      yield { kind: 'document', resource, document };
    }
  }

  /** Creates a document. Returns false if that is not possible, or no identity is unused. */
  function tryToCreate(name: string): boolean {
    try {
      world.createAnyhow(name, fill);
      ownMade.set(name, (ownMade.get(name) ?? 0) + 1);
      return true;
    } catch (error) {
      if (!(error instanceof SampleConflict)) throw error;
      return false;
    }
  }

  for (let turn = 1; turn <= turns; turn += 1) {
    for (const name of names) {
      const upTo = (mustExist(wanted.get(name), `the share of ${name}`) * turn) / turns;
      const isMissing = () => {
        const all = made.get(name) ?? 0;
        const own = ownMade.get(name) ?? 0;
        return all < Math.floor(upTo) || own < Math.floor(upTo * ownShare);
      };
      let failures = 0;
      while (isMissing() && count < documents && failures < 3) {
        failures += tryToCreate(name) ? 0 : 1;
        yield* take();
      }
    }
  }
}
