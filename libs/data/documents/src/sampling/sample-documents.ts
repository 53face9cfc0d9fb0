import { type DocumentSchemas, resourceLabel } from '@dms/api-schema';
import { modelIndex, mustExist, type RelationalModelSet, type ResourceModel, type ScalarType } from '@dms/model';
import { compareOrdinal, type JsonObject, type JsonValue } from '@dms/values';
import { concreteMembers } from '../ordering/write-order.ts';
import { SampleConflict } from './compose-document.ts';
import { DocumentWorld, type WorldDescriptor } from './document-world.ts';
import { evenly, full, fullWithout, minimal, minimalWith, recordingOptional, type SampleFill } from './fill.ts';
import { sampleValue, seededNumbers } from './sample-values.ts';
import type { Scalar } from './schema-facts.ts';

/**
 * The amount of optional content in a generated document. A `without` has all but one optional member, an `only` has one
 * alone; a `target` was made because others must refer to it.
 */
type GeneratedShape = 'full' | 'minimal' | 'random' | 'without' | 'only' | 'target';

export interface GeneratedDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly shape: GeneratedShape;
  readonly document: JsonObject;
  /** Other content with the same identity, in the next shape; null for targets. */
  readonly replacement: JsonObject | null;
}

export interface GeneratedDescriptor {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly document: JsonObject;
}

/** Documents of one world. */
export interface GeneratedDocuments {
  /** The descriptors to which the documents refer, in both contents; they must be written first. */
  readonly descriptors: readonly GeneratedDescriptor[];
  /**
   * The documents, targets before their referrers. Removed in reverse order, no document is in use, even after all are
   * replaced.
   */
  readonly documents: readonly GeneratedDocument[];
  /** Documents that cannot exist: their requirements form a circle, or their identity has too few values. */
  readonly skipped: readonly { readonly resource: string; readonly shape: GeneratedShape; readonly reason: string }[];
}

/** Random documents per resource by default. */
export const defaultRandom = 3;

interface GenerationOptions {
  /** Random documents per resource. */
  readonly random?: number;
  /** Whether there are documents without each optional member, and with one member of an object alone. */
  readonly partsInTurn?: boolean;
}

/** The number of documents from which the references of generated documents choose. */
const choice = 64;

/**
 * Test documents in realistic numbers (design 14 §4): `documents` over all resources in a stable ratio, targets before
 * their referrers, references spread over the existing documents, descriptors before the documents that refer to them.
 * They are streamed: memory holds only the documents from which references choose, and a short key for each identity.
 */
export function* sampleDocuments(
  model: RelationalModelSet,
  { documents, seed, schemas }: SampleOptions,
): Generator<SampleDocument, void, undefined> {
  const next = seededNumbers(seed);
  const fill = evenly(next, share);
  const world = new DocumentWorld(model, next, {
    hasVariedDescriptors: true,
    choice: sampleChoice,
    schemas,
    targetFill: fill,
  });
  const { relational: resources } = modelIndex(model);
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
  /** Some of the optional members of a descriptor. */
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

/** The targets of the required references of a resource; abstract resources are replaced by their members. */
function requiredTargets(model: RelationalModelSet, resource: ResourceModel, onlyIdentity: boolean): string[] {
  const members = concreteMembers(model);
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

/** The length of the longest path over targets, for each resource; a circle ends a path. */
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
/** The growth factor for resources whose identity contains references. */
const growth = 2;
const highestLevel = 4;

/**
 * The number of documents of each resource. It grows with the distance of the identity from resources without
 * references: schools have sections, and sections have students. The ratio is the same for any total; shares are
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

/** The optional members of each descriptor that its schema has. */
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

function descriptorDocument({ namespace, codeValue }: Omit<WorldDescriptor, 'resource'>): JsonObject {
  return new Map<string, JsonValue>([
    ['namespace', namespace],
    ['codeValue', codeValue],
    ['shortDescription', codeValue],
  ]);
}

/**
 * Documents of every relational resource, made only from the model and a seed (design 14 §4): one with all content and
 * two items in every array, one with only required values, and random ones. Shared values of identities and unified
 * values agree; items of a collection have different semantic identities. The same model and seed give the same
 * documents. With `partsInTurn`, each optional member is absent in turn from a document that is full otherwise, and each
 * optional member inside an object is alone in a document that is minimal otherwise.
 */
export function generateDocuments(
  model: RelationalModelSet,
  seed: number,
  { random = defaultRandom, partsInTurn = false }: GenerationOptions = {},
): GeneratedDocuments {
  const next = seededNumbers(seed);
  const world = new DocumentWorld(model, next, { hasVariedDescriptors: false, choice });
  const some = evenly(next);
  const series: readonly Shaped[] = [
    { shape: 'full', fill: full },
    { shape: 'minimal', fill: minimal },
    ...Array.from({ length: random }, () => ({ shape: 'random', fill: some }) as const),
  ];
  const documents: GeneratedDocument[] = [];
  const skipped: GeneratedDocuments['skipped'][number][] = [];
  /** Makes a document in one shape, and the targets that it needs. */
  const generate = (resource: string, { shape, fill }: Shaped, following: SampleFill) => {
    try {
      const wanted = world.createAnyhow(resource, fill, { replacement: following, isWhole: shape === 'full' });
      for (const made of world.takeNew()) {
        const { document, replacement } = made;
        documents.push({ resource: made.resource, shape: made === wanted ? shape : 'target', document, replacement });
      }
    } catch (error) {
      if (!(error instanceof SampleConflict)) throw error;
      skipped.push({ resource, shape, reason: error.message });
    }
  };
  for (const resource of world.labels) {
    const optional = new Set<string>();
    for (const [index, { shape, fill }] of series.entries()) {
      const own = shape === 'full' ? recordingOptional(resource, optional) : fill;
      generate(resource, { shape, fill: own }, series[(index + 1) % series.length]?.fill ?? minimal);
    }
    if (!partsInTurn) continue;
    for (const path of optional) generate(resource, { shape: 'without', fill: fullWithout(path) }, minimal);
    for (const path of [...optional].filter(isInObject))
      generate(resource, { shape: 'only', fill: minimalWith(path) }, minimal);
  }
  const descriptors = world
    .takeNewDescriptors()
    .map(({ resource, ...descriptor }) => ({ resource, document: descriptorDocument(descriptor) }));
  return { descriptors, documents, skipped };
}

/** Whether a member lies in an object of its row: not directly in the document, an item or an extension. */
const isInObject = (path: string) => /\.[^.[\]]+\.[^.[\]]+$/.test(path.replace(/\._ext\.[^.[\]]+/g, ''));

/** The shape of a document, and the content with that shape. */
interface Shaped {
  readonly shape: GeneratedShape;
  readonly fill: SampleFill;
}

/** A document, or a descriptor to which later documents refer. */
export interface SampleDocument {
  readonly kind: 'document' | 'descriptor';
  /** `Project:Resource`. */
  readonly resource: string;
  readonly document: JsonObject;
}

interface SampleOptions {
  /** The number of documents, without descriptors. */
  readonly documents: number;
  readonly seed: number;
  /** The schemas with which an API checks documents (design 01 §9.1). Without them documents only fit the tables. */
  readonly schemas?: DocumentSchemas | undefined;
}

/**
 * The number of documents of each resource from which the references of samples choose, spread over all made so far.
 */
const sampleChoice = 1024;
/** The share of optional members that documents have. */
const share = 0.5;
/**
 * The smallest share of documents that are not made as targets: only these may need targets for optional references.
 */
const ownShare = 0.5;
/**
 * The number of rounds in which the documents of each resource are made, so that references reach all existing
 * documents.
 */
const turns = 64;

const noLimit = { maxLength: null, decimal: null };
const dateType: ScalarType = { kind: 'Date', ...noLimit };
const textType: ScalarType = { kind: 'String', ...noLimit };
