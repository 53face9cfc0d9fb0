import { type DocumentSchemas, labelledResource, resourceLabel } from '@dms/api-schema';
import {
  type DocumentObject,
  documentTree,
  fittingCopies,
  mustExist,
  type RelationalModelSet,
  type ResourceModel,
} from '@dms/model';
import { isJsonObject, JsonNumber, type JsonObject, type JsonValue, sha256 } from '@dms/values';
import {
  type CompositionContext,
  DocumentComposer,
  type DocumentRequest,
  SampleConflict,
  type TargetChoice,
} from './compose-document.ts';
import { type Choices, minimal, type SampleFill } from './fill.ts';
import { KnownDocuments, type KnownIdentity } from './known-documents.ts';
import { type ReferenceFacts, type ResourceFacts, resourceFacts } from './resource-facts.ts';
import { boundedValue, type NextNumber, pick, sampleValue } from './sample-values.ts';
import { type GroupFacts, readSchemaFacts, type Scalar, scalarText } from './schema-facts.ts';

interface SampledDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly identity: KnownIdentity;
  readonly document: JsonObject;
  /** Other content with the same identity; null if not requested or not possible. */
  readonly replacement: JsonObject | null;
}

/** A descriptor to which documents of a world refer. */
export interface WorldDescriptor {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly namespace: string;
  readonly codeValue: string;
}

/** Options for the relations between the documents of a world. */
interface WorldRules {
  /** Whether items of arrays have one of several descriptors, or always the same. */
  readonly hasVariedDescriptors: boolean;
  /** The number of documents of each resource from which references choose. */
  readonly choice: number;
  /** The schemas with which an API checks documents; documents then fulfil them. */
  readonly schemas?: DocumentSchemas | undefined;
  /**
   * The fill of documents that were made as targets; no optional content by default. They refer to existing documents
   * only.
   */
  readonly targetFill?: SampleFill | undefined;
}

/** Options for a new document, besides its fill. */
interface Wishes {
  /** The fill of its replacement. */
  readonly replacement?: SampleFill | null;
  /** Whether all content of its fill is required. */
  readonly isWhole?: boolean;
}

/** Thrown often, so it is made once: a stack trace costs more than the search. */
const nothingFound = new SampleConflict('there is no document that the reference can name');

interface AbstractFacts {
  readonly members: readonly string[];
  readonly identityPaths: readonly string[];
}

/**
 * Documents that fit a model: every reference refers to a document of the world, unified values agree, identities are
 * unique. Missing targets are created with their required values; `takeNew` returns the documents that must be written
 * before. There are no circles of references, so the documents can be removed again.
 */
export class DocumentWorld {
  private readonly resources: ReadonlyMap<string, ResourceFacts>;
  private readonly roots: ReadonlyMap<string, DocumentObject>;
  private readonly abstracts: ReadonlyMap<string, AbstractFacts>;
  private readonly known = new Map<string, KnownDocuments>();
  /** The identities that are taken, including abstract ones, with whether references can refer to them. */
  private readonly claimed = new Map<string, boolean>();
  /** Identities of documents whose replacement is being composed. */
  private readonly unfinished = new Set<string>();
  private readonly descriptors = new Set<string>();
  private readonly next: NextNumber;
  private readonly rules: WorldRules;
  private newDocuments: SampledDocument[] = [];
  private newDescriptors: WorldDescriptor[] = [];
  private last = 0;
  /** Resources of the targets that are being made, each needed by the one before it. */
  private readonly chain: string[] = [];
  private areTargetsFresh = false;

  constructor(given: RelationalModelSet, next: NextNumber, rules: WorldRules) {
    // every reference has room for the values of its target
    const { model } = fittingCopies(given);
    const relational = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
    this.roots = new Map(
      relational.map((resource) => [resourceLabel(resource.resourceKey), documentTree(resource).root]),
    );
    const facts = rules.schemas && readSchemaFacts(model, rules.schemas);
    this.resources = new Map(
      relational.map((resource) => [
        resourceLabel(resource.resourceKey),
        resourceFacts(resource, facts?.get(resourceLabel(resource.resourceKey))),
      ]),
    );
    const identityPaths = new Map(
      model.abstractIdentityTables.map(({ resourceKey, table }) => [
        resourceLabel(resourceKey),
        table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      ]),
    );
    this.abstracts = new Map(
      model.abstractUnionViews.map(({ resourceKey, unionArms }) => {
        const name = resourceLabel(resourceKey);
        const members = unionArms.map(({ concreteMember }) => resourceLabel(concreteMember));
        return [name, { members, identityPaths: identityPaths.get(name) ?? [] }];
      }),
    );
    this.next = next;
    this.rules = rules;
  }

  /** Labels of the resources for which documents can be made, in model order. */
  get labels(): string[] {
    return [...this.resources.keys()];
  }

  /** Documents made since the last call, targets before their referrers. */
  takeNew(): SampledDocument[] {
    const taken = this.newDocuments;
    this.newDocuments = [];
    return taken;
  }

  /** Descriptors that documents refer to for the first time since the last call. */
  takeNewDescriptors(): WorldDescriptor[] {
    const taken = this.newDescriptors;
    this.newDescriptors = [];
    return taken;
  }

  /**
   * A new document of a concrete resource, with the given identity values. Throws `SampleConflict` if that is not
   * possible: its requirements form a circle, or there is no unused value for its identity.
   */
  private create(
    name: string,
    fill: SampleFill,
    { fixed = new Map(), replacement = null, isWhole = false }: Wishes & { readonly fixed?: KnownIdentity },
  ): SampledDocument {
    const choices = fill.choicesFor(name);
    try {
      return this.createWith(name, choices, { fixed, replacement, isWhole });
    } catch (error) {
      choices.undo();
      throw error;
    }
  }

  private createWith(
    name: string,
    choices: Choices,
    { fixed, replacement, isWhole }: Required<Wishes> & { readonly fixed: KnownIdentity },
  ): SampledDocument {
    const { resource } = this.facts(name);
    const isFrugal = this.rules.targetFill !== undefined && this.chain.length > 0;
    const document = this.compose(name, choices, fixed, { isNew: true, isWhole, isFrugal });
    const identity = new Map<string, Scalar>();
    for (const { identityJsonPath: path } of resource.identityElements) {
      let value: JsonValue | undefined = document;
      for (const segment of path.segments)
        value = segment.kind === 'property' && isJsonObject(value) ? value.get(segment.name) : undefined;
      if (!isScalar(value)) throw new Error(`${name} has no value at ${path.canonical}`);
      identity.set(path.canonical, value);
    }
    const names = [name, ...(resource.superclass ? [resourceLabel(resource.superclass.resource)] : [])];
    const identities = names.map((each) => {
      const own = this.identityAs(name, identity, each);
      return { name: each, identity: own, key: identityKey(each, own), isNamed: this.isNamed(name, each) };
    });
    for (const each of identities) {
      if (this.claimed.has(each.key))
        throw new SampleConflict(`there is a document of ${each.name} with the same identity`);
    }
    for (const { key, isNamed } of identities) {
      this.claimed.set(key, isNamed);
      this.unfinished.add(key);
    }
    const made: SampledDocument = {
      resource: name,
      identity,
      document,
      replacement: replacement ? this.replacement(name, replacement, identity) : null,
    };
    for (const { key } of identities) this.unfinished.delete(key);
    // others may refer to it only from now on, because otherwise its replacement might refer to them
    for (const each of identities) if (each.isNamed) this.knownOf(each.name).add(each.identity);
    this.newDocuments.push(made);
    return made;
  }

  /** Like {@link create}, with new targets for references in its identity. */
  private createApart(name: string, fill: SampleFill, wishes: Wishes): SampledDocument {
    this.areTargetsFresh = true;
    try {
      return this.create(name, fill, wishes);
    } finally {
      this.areTargetsFresh = false;
    }
  }

  /**
   * Like {@link create}; uses new targets only if its identity already exists or, for a complete document, if two items
   * of an array need different targets that only a separate document provides.
   */
  createAnyhow(name: string, fill: SampleFill, wishes: Wishes = {}): SampledDocument {
    try {
      return this.create(name, fill, wishes);
    } catch (error) {
      if (!(error instanceof SampleConflict)) throw error;
    }
    return this.createApart(name, fill, { ...wishes, isWhole: false });
  }

  private replacement(name: string, fill: SampleFill, identity: KnownIdentity): JsonObject | null {
    try {
      return this.compose(name, fill.choicesFor(name), identity, { isNew: false, isWhole: false, isFrugal: false });
    } catch (error) {
      if (error instanceof SampleConflict) return null;
      throw error;
    }
  }

  private facts(name: string): ResourceFacts {
    const found = this.resources.get(name);
    if (!found) throw new Error(`the model has no ${name}`);
    return found;
  }

  private knownOf(name: string): KnownDocuments {
    const found = this.known.get(name) ?? new KnownDocuments(this.rules.choice, this.next);
    this.known.set(name, found);
    return found;
  }

  private compose(
    name: string,
    choices: Choices,
    fixed: KnownIdentity,
    how: Pick<DocumentRequest, 'isNew' | 'isWhole' | 'isFrugal'>,
  ): JsonObject {
    const root = mustExist(this.roots.get(name), `the tree of ${name}`);
    return new DocumentComposer(this.surroundings).compose({ facts: this.facts(name), root, choices, fixed, ...how });
  }

  private readonly surroundings: CompositionContext = {
    target: (reference, choice) => this.target(reference, choice),
    value: (group, use) => this.value(group, use),
  };

  private target({ target, groups }: ReferenceFacts, { wanted, isFresh, taken, mayMake }: TargetChoice): KnownIdentity {
    if (!(isFresh && this.areTargetsFresh)) {
      const found = this.knownOf(target).find(wanted, groups.values(), taken);
      if (found) return found;
      // the document exists, but references no longer choose from it
      const key = identityKey(target, wanted);
      if (this.claimed.get(key) === true && !this.unfinished.has(key)) return wanted;
    }
    if (!mayMake) throw nothingFound;
    const made = this.make(target, wanted);
    const divided = [...groups.values()].filter((paths) => new Set(paths.map((path) => textOf(made, path))).size > 1);
    if (divided.length === 0) return made;
    // the target has different values for which this row has only one
    const agreed = new Map(wanted);
    for (const paths of divided) {
      const value = made.get(mustExist(paths[0], `a path of ${target}`));
      if (value !== undefined) for (const path of paths) agreed.set(path, value);
    }
    return this.make(target, agreed);
  }

  /** A new target; for an abstract resource, one of its members in turn. */
  private make(target: string, wanted: KnownIdentity): KnownIdentity {
    const abstract = this.abstracts.get(target);
    if (!abstract) return this.makeMember(target, wanted);
    this.last += 1;
    const { members } = abstract;
    let conflict: SampleConflict | undefined;
    for (let offset = 0; offset < members.length; offset += 1) {
      const member = mustExist(members[(this.last + offset) % members.length], `a member of ${target}`);
      if (!this.isNamed(member, target)) continue;
      const { resource } = this.facts(member);
      const renamed = resource.superclass?.identityJsonPath?.canonical;
      const own = firstIdentityPath(resource);
      const values = new Map([...wanted].map(([path, value]) => [path === renamed ? own : path, value]));
      try {
        return this.identityAs(member, this.makeMember(member, values), target);
      } catch (error) {
        if (!(error instanceof SampleConflict)) throw error;
        conflict = error;
      }
    }
    throw conflict ?? new SampleConflict(`${target} has no members that a reference can name`);
  }

  private makeMember(name: string, wanted: KnownIdentity): KnownIdentity {
    if (this.chain.includes(name))
      throw new SampleConflict(`${name} requires itself: ${[...this.chain, name].join(' → ')}`);
    this.chain.push(name);
    try {
      const { identity } = this.create(name, this.rules.targetFill ?? minimal, { fixed: wanted });
      const missed = [...wanted].find(([path, value]) => textOf(identity, path) !== scalarText(value));
      if (missed) throw new SampleConflict(`no ${name} has ${missed[0]} ${scalarText(missed[1])}`);
      return identity;
    } finally {
      this.chain.pop();
    }
  }

  /** Whether references to a resource, or to its abstract resource, contain its whole identity. */
  private isNamed(resource: string, name: string): boolean {
    if (resource === name) return true;
    const own = new Set(
      this.facts(resource).resource.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical),
    );
    return own.size === new Set(this.abstracts.get(name)?.identityPaths).size;
  }

  /** The identity of a document by the paths of its resource, or of its abstract resource. */
  identityAs(resource: string, identity: KnownIdentity, name: string): KnownIdentity {
    if (resource === name) return identity;
    const model = this.facts(resource).resource;
    const renamed = model.superclass?.identityJsonPath?.canonical;
    const result = new Map<string, Scalar>();
    for (const path of this.abstracts.get(name)?.identityPaths ?? []) {
      const value = identity.get(path === renamed ? firstIdentityPath(model) : path);
      if (value !== undefined) result.set(path, value);
    }
    return result;
  }

  private value(
    { type, descriptor, isPlain, bounds }: GroupFacts,
    { isNewIdentity, element }: { readonly isNewIdentity: boolean; readonly element: number },
  ): Scalar {
    this.last += 1;
    if (descriptor === null) return boundedValue(sampleValue(type, this.last, isPlain), this.last, bounds);
    // two projects may have descriptors with the same name, and the database compares their URIs without the project
    const { projectName, resourceName } = labelledResource(descriptor);
    const namespace = `uri://Sample.Org/${encodeURIComponent(projectName)}/${resourceName}`;
    const codeValue = this.codeValue(isNewIdentity, element);
    const uri = `${namespace}#${codeValue}`;
    const key = `${descriptor} ${uri.toLowerCase()}`;
    if (!this.descriptors.has(key)) {
      this.descriptors.add(key);
      this.newDescriptors.push({ resource: descriptor, namespace, codeValue });
    }
    return uri;
  }

  /** The code value of a descriptor; items of an array have different ones. */
  private codeValue(isNewIdentity: boolean, element: number): string {
    if (isNewIdentity && this.areTargetsFresh) return `New${this.last}`;
    if (!this.rules.hasVariedDescriptors) return `Code${element}`;
    return `Code${element}${mustExist(pick(['', 'A', 'B', 'C'], this.next), 'the variant of a descriptor')}`;
  }
}

function isScalar(value: JsonValue | undefined): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || value instanceof JsonNumber;
}

/**
 * A short key that distinguishes identities, in which descriptors are equal if the database treats them as equal;
 * short, because a world keeps all keys.
 */
function identityKey(name: string, identity: KnownIdentity): string {
  const parts = [...identity].map(([path, value]) => {
    const text = scalarText(value);
    return [path, path.endsWith('Descriptor') ? text.toLowerCase() : text];
  });
  const text = JSON.stringify([name, parts.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))]);
  return Buffer.from(sha256(text)).subarray(0, 12).toString('latin1');
}

function textOf(identity: KnownIdentity, path: string): string {
  const value = identity.get(path);
  return value === undefined ? '' : scalarText(value);
}

const firstIdentityPath = ({ resourceKey, identityElements: [first] }: ResourceModel): string =>
  mustExist(first, `the identity of ${resourceLabel(resourceKey)}`).identityJsonPath.canonical;
