import { resourceLabel, valueAt } from '@dms/api-schema';
import {
  type Diagnostic,
  type DiagnosticCode,
  diagnostic,
  longestShown,
  meantNames,
  nearNames,
  shortened,
} from '@dms/diagnostics';
import type { DocumentNode, DocumentObject, DocumentReference, QualifiedResourceName } from '@dms/model';
import { canonicalText, type JsonObject, type JsonValue } from '@dms/values';
import {
  type ElementProperty,
  ElementScope,
  isPartOfReference,
  type ScopeObject,
  type SingleValue,
} from './element-scope.ts';
import { jsonValue } from './json-values.ts';
import { extensionMember, extensionsOf, type IdentityTree, type ModelTrees, type ValueType } from './model-trees.ts';
import { isEmpty, pathOf, trimmed, type XmlElement } from './read-elements.ts';

/** The values of an identity by path. Values that the element does not give are absent. */
export type InterchangeIdentity = ReadonlyMap<string, JsonValue>;

/** Finds the identity of the element with an id, in the paths of the target. Returns a sentence if there is none. */
export type FindById = (id: string, target: QualifiedResourceName) => InterchangeIdentity | string;

interface MappingOptions {
  readonly file: string;
  readonly findById: FindById;
  /** Elements without a property are warnings. */
  readonly ignoreUnknown: boolean;
}

interface MappedDocument {
  readonly document: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** Makes the document of an element (design 14a §2). Returns all diagnostics of the document together. */
export function mapDocument(
  scopes: ElementScopes,
  label: string,
  element: XmlElement,
  options: MappingOptions,
): MappedDocument {
  const mapping = new Mapping(scopes, label, options);
  const draft: InterchangeObject = new Map();
  const scope = scopes.document(label);
  mapping.children(element, scope, targetsOf(scope, draft));
  const document = finishedDocument(draft, scopes.trees.document(label));
  return { document, diagnostics: mapping.diagnostics, warnings: mapping.warnings };
}

/** The objects that take the properties of a scope. Each is created with its first property. */
type ReferenceTargets = readonly (() => InterchangeObject)[];

class Mapping {
  readonly diagnostics: Diagnostic[] = [];
  readonly warnings: Diagnostic[] = [];
  private readonly scopes: ElementScopes;
  private readonly label: string;
  private readonly options: MappingOptions;

  constructor(scopes: ElementScopes, label: string, options: MappingOptions) {
    this.scopes = scopes;
    this.label = label;
    this.options = options;
  }

  private diagnosticAt(
    code: DiagnosticCode,
    element: XmlElement,
    text: string,
    details: Diagnostic['details'] = {},
  ): Diagnostic {
    const { file } = this.options;
    const path = pathOf(element);
    const { line, column } = element;
    return diagnostic(code, `${path}: ${text}`, { file, line, column, resource: this.label, path }, details);
  }

  private report(code: DiagnosticCode, element: XmlElement, text: string, details?: Diagnostic['details']): void {
    this.diagnostics.push(this.diagnosticAt(code, element, text, details));
  }

  private unknown(element: XmlElement, { names }: ElementScope): void {
    const near = nearNames(element.name, names).slice(0, 3);
    const details = { element: element.name, near };
    const text = `${this.label} has no property for this element${meantNames(near)}`;
    if (!this.options.ignoreUnknown) this.report('INTERCHANGE_ELEMENT_UNKNOWN', element, text, details);
    else {
      const warning = this.diagnosticAt('INTERCHANGE_ELEMENT_UNKNOWN', element, `${text} It is left out.`, details);
      this.warnings.push({ ...warning, class: 'W' });
    }
  }

  /** Maps everything inside an element. */
  children(element: XmlElement, scope: ElementScope, targets: ReferenceTargets): void {
    if (element.children.length > 0 && trimmed(element.text) !== '')
      this.report(
        'INTERCHANGE_VALUE_INVALID',
        element,
        `the text ${shown(trimmed(element.text))} stands between elements.`,
      );
    for (const child of element.children) {
      if (isEmpty(child)) continue;
      const property = scope.find(child);
      if (property) this.property(child, property, targets);
      else if (scope.isInlined(child)) this.children(child, scope.inline(child.name), targets);
      else this.unknown(child, scope);
    }
  }

  private property(element: XmlElement, property: ElementProperty, targets: ReferenceTargets): void {
    const { object, name, isArray, content } = property;
    const draft = targets[object]?.();
    if (!draft) throw new Error(`${name} has no object`);
    if (!isArray && draft.has(name)) {
      this.report('INTERCHANGE_VALUE_INVALID', element, `${name} has one value, and this is a second one.`);
      return;
    }
    if (content.kind === 'object') {
      const array = isArray ? arrayIn(draft, name) : null;
      const position = array?.length ?? 0;
      const own = array ? elementIn(array, position) : objectIn(draft, name);
      this.children(
        element,
        content.scope,
        this.innerTargets(content.scope.objects, targets, { ...property, own, position }),
      );
      return;
    }
    const value = this.single(element, content, content.inner ?? name);
    if (value === undefined) return;
    const whole = content.kind === 'school-year' ? new Map([[content.part, value]]) : value;
    if (!isArray) draft.set(name, whole);
    else arrayIn(draft, name).push(content.inner === null ? whole : new Map([[content.inner, whole]]));
  }

  /**
   * The objects for the properties inside an object: itself, its extensions, and those that mirror it below an outer
   * `_ext`.
   */
  private innerTargets(
    objects: readonly ScopeObject[],
    targets: ReferenceTargets,
    {
      object,
      name,
      isArray,
      own,
      position,
    }: ElementProperty & { readonly own: InterchangeObject; readonly position: number },
  ): ReferenceTargets {
    return objects.map(({ outer, extension }) => () => {
      if (outer === object) return extension === null ? own : extensionIn(own, extension);
      const around = targets[outer]?.();
      if (!around || extension === null) throw new Error(`${name} has no mirror`);
      return extensionIn(isArray ? elementIn(arrayIn(around, name), position) : objectIn(around, name), extension);
    });
  }

  private single(element: XmlElement, content: SingleValue, name: string): JsonValue | undefined {
    if (content.kind === 'reference') return this.reference(element, content.reference);
    return this.value(element, content.type, content.kind === 'school-year' ? content.part : name);
  }

  private value(element: XmlElement, type: ValueType, name: string): JsonValue | undefined {
    const text = trimmed(element.text);
    const { value, reason } = jsonValue(text, type, name);
    if (reason === undefined) return value;
    this.report('INTERCHANGE_VALUE_INVALID', element, `${shown(text)} ${reason}.`, {
      value: text.slice(0, longestShown),
    });
    return undefined;
  }

  /** The object of a reference, with the parts that the element gives. */
  private reference(element: XmlElement, { binding, parts }: DocumentReference): JsonValue | undefined {
    const values = this.targetIdentity(element, binding.targetResource);
    if (!values) return undefined;
    const members = new Map<string, JsonValue>();
    for (const { name, identityPaths } of parts) {
      const [value, ...others] = identityPaths.flatMap((path) => values.get(path) ?? []);
      if (value === undefined) continue;
      const other = others.find((each) => canonicalText(each) !== canonicalText(value));
      if (other !== undefined) {
        const both = `${canonicalText(value)} and ${canonicalText(other)}`;
        this.report('INTERCHANGE_VALUE_INVALID', element, `${name} has the values ${both}, which must be equal.`);
      }
      members.set(name, value);
    }
    return members;
  }

  /** The identity that a reference names, with elements or with the id of another element. */
  private targetIdentity(element: XmlElement, target: QualifiedResourceName): InterchangeIdentity | undefined {
    const identityName = `${target.resourceName}Identity`;
    const identity = element.children.find(({ name }) => name === identityName);
    const refuse = (text: string, details?: Diagnostic['details']) => {
      this.report('INTERCHANGE_REFERENCE_UNKNOWN', element, text, details);
      return undefined;
    };
    if (identity) {
      for (const child of element.children)
        if (child !== identity && !isEmpty(child)) this.unknown(child, this.scopes.identity(target));
      return this.identity(identity, target);
    }
    if (element.ref === null) {
      const child = element.children.find(isPartOfReference);
      return refuse(`the reference has <${child?.name}>; it needs <${identityName}>.`);
    }
    const found = this.options.findById(element.ref, target);
    return typeof found === 'string' ? refuse(found, { ref: element.ref }) : found;
  }

  /** The identity that the elements inside an element give. */
  identity(element: XmlElement, target: QualifiedResourceName): InterchangeIdentity {
    const draft: InterchangeObject = new Map();
    const scope = this.scopes.identity(target);
    this.children(element, scope, targetsOf(scope, draft));
    const { root, paths } = this.scopes.trees.identity(target);
    return identityValues(finishedDocument(draft, root), paths);
  }
}

const shown = (text: string) => JSON.stringify(shortened(text));

/** Returns the array at a member. Creates it if it is missing. */
function arrayIn(draft: InterchangeObject, name: string): InterchangeDraft[] {
  const existing = draft.get(name);
  if (Array.isArray(existing)) return existing as InterchangeDraft[];
  const array: InterchangeDraft[] = [];
  draft.set(name, array);
  return array;
}

/** Returns the object at a position of an array. Fills the positions up to it with empty objects. */
function elementIn(array: InterchangeDraft[], position: number): InterchangeObject {
  while (array.length <= position) array.push(new Map());
  return array[position] as InterchangeObject;
}

/** Returns the object at a member. Creates it if it is missing. */
function objectIn(draft: InterchangeObject, name: string): InterchangeObject {
  const existing = draft.get(name);
  if (isObject(existing)) return existing;
  const object: InterchangeObject = new Map();
  draft.set(name, object);
  return object;
}

const isObject = (draft: InterchangeDraft | undefined): draft is InterchangeObject => draft instanceof Map;

/** Returns the object with the members that a project adds, below `_ext`. */
const extensionIn = (draft: InterchangeObject, project: string) => objectIn(objectIn(draft, extensionMember), project);

const targetsOf = ({ objects }: ElementScope, draft: InterchangeObject): ReferenceTargets =>
  objects.map(
    ({ extension }) =>
      () =>
        extension === null ? draft : extensionIn(draft, extension),
  );

function identityValues(document: JsonObject, paths: IdentityTree['paths']): InterchangeIdentity {
  const values = new Map<string, JsonValue>();
  for (const path of paths) {
    const value = valueAt(document, path);
    if (value !== undefined) values.set(path.canonical, value);
  }
  return values;
}

/** Finishes a document. Its members are ordered like the model, not like the elements. */
function finishedDocument(draft: InterchangeObject, object: DocumentObject): JsonObject {
  const members = new Map<string, JsonValue>();
  for (const [name, member] of object.members) {
    const value = name === extensionMember ? undefined : draft.get(name);
    if (value !== undefined) members.set(name, finished(value, member));
  }
  const added = draft.get(extensionMember);
  if (isObject(added)) {
    const extensions = extensionsOf(object).flatMap(([project, extension]) => {
      const own = added.get(project);
      return isObject(own) ? [[project, finishedDocument(own, extension)] as const] : [];
    });
    members.set(extensionMember, new Map(extensions));
  }
  return members;
}

function finished(draft: InterchangeDraft, node: DocumentNode | undefined): JsonValue {
  if (Array.isArray(draft))
    return draft.map((each) => finished(each, node?.kind === 'array' ? node.element : undefined));
  return isObject(draft) && node?.kind === 'object' ? finishedDocument(draft, node) : (draft as JsonValue);
}

/** The scopes of a model by resource. Each is created once. */
export class ElementScopes {
  readonly trees: ModelTrees;
  private readonly documents = new Map<string, ElementScope>();
  private readonly identities = new Map<string, ElementScope>();

  constructor(trees: ModelTrees) {
    this.trees = trees;
  }

  document(label: string): ElementScope {
    const existing = this.documents.get(label);
    if (existing) return existing;
    const { resourceKey, superclass } = this.trees.resource(label);
    const owners = [resourceKey.resourceName, ...(superclass ? [superclass.resource.resourceName] : [])];
    const scope = ElementScope.of(this.trees.document(label), owners);
    this.documents.set(label, scope);
    return scope;
  }

  identity(name: QualifiedResourceName): ElementScope {
    const label = resourceLabel(name);
    const scope = this.identities.get(label) ?? ElementScope.of(this.trees.identity(name).root, [name.resourceName]);
    this.identities.set(label, scope);
    return scope;
  }
}

/** Reads the identity from the elements inside an element, and ignores all others. */
export function mapIdentity(
  scopes: ElementScopes,
  name: QualifiedResourceName,
  element: XmlElement,
  options: MappingOptions,
): { readonly values: InterchangeIdentity; readonly diagnostics: readonly Diagnostic[] } {
  const mapping = new Mapping(scopes, resourceLabel(name), { ...options, ignoreUnknown: true });
  return { values: mapping.identity(element, name), diagnostics: mapping.diagnostics };
}

/** An object of a document under construction. */
type InterchangeObject = Map<string, InterchangeDraft>;

type InterchangeDraft = InterchangeObject | InterchangeDraft[] | JsonValue;
