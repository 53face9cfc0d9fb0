import type { JsonObject, JsonValue } from '@dms/files';
import type { RelationalModelSet } from '@dms/model';
import { SampleConflict } from './compose-document.ts';
import { DocumentWorld, type WorldDescriptor } from './document-world.ts';
import { evenly, type Fill, full, minimal } from './fill.ts';
import { seededNumbers } from './seeded-numbers.ts';

/** How much optional content a generated document has; a `target` was made because others must refer to it. */
export type GeneratedShape = 'full' | 'minimal' | 'random' | 'target';

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
  /** The descriptors that the documents name, in both contents; they must be written first. */
  readonly descriptors: readonly GeneratedDescriptor[];
  /** Targets before their referrers. Removed in reverse order, no document is in use, even after all are replaced. */
  readonly documents: readonly GeneratedDocument[];
  /** Documents that cannot exist: their requirements form a circle, or their identity has too few values. */
  readonly skipped: readonly { readonly resource: string; readonly shape: GeneratedShape; readonly reason: string }[];
}

export interface GenerationOptions {
  /** Random documents per resource; 3 by default. */
  readonly random?: number;
}

/** How many documents references choose from. */
const choice = 64;

/** The document of a descriptor. */
export function descriptorDocument({ namespace, codeValue }: Omit<WorldDescriptor, 'resource'>): JsonObject {
  return new Map<string, JsonValue>([
    ['namespace', namespace],
    ['codeValue', codeValue],
    ['shortDescription', codeValue],
  ]);
}

/**
 * Documents of every relational resource, from the model alone and a seed (design 14 §5): one with everything and two
 * items in every array, one with only required values, and random ones. Shared values of identities and unified values
 * agree; items of a collection have different semantic identities. The same model and seed give the same documents.
 */
export function generateDocuments(
  model: RelationalModelSet,
  seed: number,
  { random = 3 }: GenerationOptions = {},
): GeneratedDocuments {
  const next = seededNumbers(seed);
  const world = new DocumentWorld(model, next, { hasVariedDescriptors: false, choice });
  const some = evenly(next);
  const series: readonly { readonly shape: GeneratedShape; readonly fill: Fill }[] = [
    { shape: 'full', fill: full },
    { shape: 'minimal', fill: minimal },
    ...Array.from({ length: random }, () => ({ shape: 'random', fill: some }) as const),
  ];
  const documents: GeneratedDocument[] = [];
  const skipped: GeneratedDocuments['skipped'][number][] = [];
  /** Makes a document in one shape, and the targets that it needs. */
  const generate = (resource: string, index: number, { shape, fill }: (typeof series)[number]) => {
    const following = series[(index + 1) % series.length]?.fill ?? minimal;
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
  for (const resource of world.labels) for (const [index, each] of series.entries()) generate(resource, index, each);
  const descriptors = world
    .takeNewDescriptors()
    .map(({ resource, ...descriptor }) => ({ resource, document: descriptorDocument(descriptor) }));
  return { descriptors, documents, skipped };
}
