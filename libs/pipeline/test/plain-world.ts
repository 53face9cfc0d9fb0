import { resourceLabel } from '@dms/api-schema';
import { canonicalText, toJsonValue } from '@dms/canonical-json';
import { DocumentWorld, type Fill, type Identity, type NextNumber, type Scalar, type WorldDocument } from '@dms/documents';
import type { QualifiedResourceName, RelationalModelSet } from '@dms/model';
import type { Json, JsonObject } from './plan-rows.ts';

/** A generated document as plain JSON. */
export interface SampleDocument {
  readonly label: string;
  readonly identity: ReadonlyMap<string, Json>;
  document: JsonObject;
}

function identityKey(name: string, identity: ReadonlyMap<string, Json>): string {
  const folded = [...identity].map(([path, value]) => [
    path,
    typeof value === 'string' && path.endsWith('Descriptor') ? value.toLowerCase() : value,
  ]);
  return JSON.stringify([name, folded.sort()]);
}

function plainIdentity(identity: Identity): ReadonlyMap<string, Json> {
  return new Map([...identity].map(([path, value]) => [path, JSON.parse(canonicalText(value)) as Json]));
}

/** The world of generated documents, which also finds those that it has made. */
export class PlainWorld {
  private readonly world: DocumentWorld;
  private readonly superclasses: ReadonlyMap<string, string>;
  private readonly made = new Map<WorldDocument, SampleDocument>();
  private readonly byIdentity = new Map<string, SampleDocument>();
  private readonly byResource = new Map<string, SampleDocument[]>();
  private fresh: SampleDocument[] = [];

  constructor(model: RelationalModelSet, next: NextNumber) {
    this.superclasses = new Map(
      model.resources.flatMap(({ resourceKey, superclass }) =>
        superclass ? [[resourceLabel(resourceKey), resourceLabel(superclass.resource)] as const] : [],
      ),
    );
    this.world = new DocumentWorld(model, next, { hasFreshIdentities: true, choice: 4 });
  }

  create(label: string, fill: Fill, fixed: Identity = new Map()): SampleDocument {
    try {
      const made = this.world.create(label, fill, fixed);
      return this.sampleOf(made);
    } finally {
      for (const each of this.world.takeNew()) this.fresh.push(this.sampleOf(each));
    }
  }

  vary({ label, identity }: SampleDocument, fill: Fill): JsonObject {
    const known = new Map([...identity].map(([path, value]) => [path, toJsonValue(value) as Scalar]));
    const varied = this.world.vary({ resource: label, identity: known }, fill);
    for (const each of this.world.takeNew()) this.fresh.push(this.sampleOf(each));
    return JSON.parse(canonicalText(varied));
  }

  takeNew(): SampleDocument[] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }

  documentsOf(label: string): readonly SampleDocument[] {
    return this.byResource.get(label) ?? [];
  }

  find(target: QualifiedResourceName, identity: ReadonlyMap<string, Json>): SampleDocument | undefined {
    return this.byIdentity.get(identityKey(resourceLabel(target), identity));
  }

  private sampleOf(made: WorldDocument): SampleDocument {
    const known = this.made.get(made);
    if (known) return known;
    const { resource: label, document } = made;
    const identity = plainIdentity(made.identity);
    const sample: SampleDocument = { label, identity, document: JSON.parse(canonicalText(document)) };
    this.made.set(made, sample);
    this.byIdentity.set(identityKey(label, identity), sample);
    this.byResource.set(label, [...this.documentsOf(label), sample]);
    const superclass = this.superclasses.get(label);
    if (superclass !== undefined) {
      const inherited = this.world.identityAs(label, made.identity, superclass);
      this.byIdentity.set(identityKey(superclass, plainIdentity(inherited)), sample);
    }
    return sample;
  }
}
