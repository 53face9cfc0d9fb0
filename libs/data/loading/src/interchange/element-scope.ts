import type { DocumentNode, DocumentObject, DocumentReference } from '@dms/model';
import { cachedByObject } from '@dms/values';
import pluralize from 'pluralize';
import { extensionsOf, ownMembers, type ValueType, valueTypeOf } from './model-trees.ts';
import { isEmpty, type XmlElement } from './read-elements.ts';

/**
 * An object that can have the properties of an element: the object for that element, or what an extension adds to it.
 */
export interface ScopeObject {
  readonly node: DocumentObject;
  /** Index of the object around it, in the scope around. */
  readonly outer: number;
  /** The project below `_ext`; null if the object belongs to no extension. */
  readonly extension: string | null;
}

/**
 * A value without properties of its own: a text, a school year (a reference that is written as a text), or a reference.
 */
export type SingleValue =
  | { readonly kind: 'value'; readonly type: ValueType }
  | { readonly kind: 'school-year'; readonly type: ValueType; readonly part: string }
  | { readonly kind: 'reference'; readonly reference: DocumentReference };

/** The property that an element gives. */
export interface ElementProperty {
  /** Index of the object of the scope that has it. */
  readonly object: number;
  readonly name: string;
  /** Whether the element is one of an array. */
  readonly isArray: boolean;
  /**
   * An object with properties of its own, or one value. `inner` is set if elements of an array have that one property.
   */
  readonly content:
    | { readonly kind: 'object'; readonly scope: ElementScope }
    | (SingleValue & { readonly inner: string | null });
}

/** The content of an element: a text, the identity of a reference, or other elements. */
type ElementForm = 'text' | 'reference' | 'object';

const referenceEnding = 'Reference';

/** The endings that can follow the name of the element in the name of its property. */
const endings: Readonly<Record<ElementForm, readonly string[]>> = {
  text: ['', 'Descriptor', `Type${referenceEnding}`],
  reference: [referenceEnding],
  object: [''],
};

/** Finds the properties that the elements inside an element give (design 14a §2.1). */
export class ElementScope {
  readonly objects: readonly ScopeObject[];
  private readonly owners: readonly string[];
  private readonly roles: readonly string[];
  private readonly properties = new Map<string, ElementProperty | null>();
  private readonly inlined = new Map<string, ElementScope>();

  private constructor(objects: readonly ScopeObject[], owners: readonly string[], roles: readonly string[]) {
    this.objects = objects;
    this.owners = owners;
    this.roles = roles;
  }

  /**
   * The scope of a document or an identity. Properties can drop the names of `owners`: the resource and its superclass.
   */
  static of(root: DocumentObject, owners: readonly string[]): ElementScope {
    return new ElementScope(withExtensions(root, 0), owners, []);
  }

  /** Finds the property that an element gives. */
  find(element: XmlElement): ElementProperty | undefined {
    const form = formOf(element);
    const key = `${form} ${element.name}`;
    const known = this.properties.get(key);
    if (known !== undefined) return known ?? undefined;
    const found = this.search(element.name, form);
    if (this.properties.size < keptNames) this.properties.set(key, found ?? null);
    return found;
  }

  /** Whether an element without a property of its own contains properties of the same objects. */
  isInlined(element: XmlElement): boolean {
    if (formOf(element) !== 'object') return false;
    const scope = this.inline(element.name);
    return element.children.some(
      (child) => !isEmpty(child) && (scope.find(child) !== undefined || scope.isInlined(child)),
    );
  }

  /** The scope inside such an element. Its role name can be part of the names of the properties. */
  inline(elementName: string): ElementScope {
    const known = this.inlined.get(elementName) ?? new ElementScope(this.objects, this.owners, roleNames(elementName));
    if (this.inlined.size < keptNames) this.inlined.set(elementName, known);
    return known;
  }

  /** The names of all properties, to suggest one for an unknown element. */
  get names(): readonly string[] {
    return this.objects.flatMap(({ node }) => ownMembers(node).map(([name]) => name));
  }

  private search(elementName: string, form: ElementForm): ElementProperty | undefined {
    const name = form === 'reference' ? elementName.slice(0, -referenceEnding.length) : elementName;
    for (const each of propertyNames(name, this.owners, this.roles)) {
      for (const [object, { node }] of this.objects.entries()) {
        const sought = { object, node, name: each, form, elementName };
        const found = this.member(sought) ?? this.element(sought);
        if (found) return found;
      }
    }
    return undefined;
  }

  private member({ object, node, name, form, elementName }: SoughtProperty): ElementProperty | undefined {
    for (const ending of endings[form]) {
      const [found, member] = memberNamed(node, `${name}${ending}`) ?? [];
      if (found === undefined || !member) continue;
      const place = { object, name: found, isArray: false } as const;
      const single = singleValue(member, form);
      if (single) return { ...place, content: { ...single, inner: null } };
      if (form === 'object' && member.kind === 'object' && !member.reference)
        return { ...place, content: { kind: 'object', scope: this.inner(object, found, member, elementName) } };
    }
    return undefined;
  }

  private element({ object, node, name, form, elementName }: SoughtProperty): ElementProperty | undefined {
    const names = form === 'text' ? [...arrayNames(name), ...arrayNames(`${name}Descriptor`)] : arrayNames(name);
    for (const each of names) {
      const [found, member] = memberNamed(node, each) ?? [];
      if (found === undefined || member?.kind !== 'array') continue;
      const place = { object, name: found, isArray: true } as const;
      const { element } = member;
      const own = singleValue(element, form);
      if (own) return { ...place, content: { ...own, inner: null } };
      if (element.kind === 'leaf') continue;
      if (form === 'object')
        return { ...place, content: { kind: 'object', scope: this.inner(object, found, element, elementName) } };
      const [only, other] = ownMembers(element);
      const single = only && !other ? singleValue(only[1], form) : undefined;
      if (only && single) return { ...place, content: { ...single, inner: only[0] } };
    }
    return undefined;
  }

  /**
   * The scope inside an object. Extensions add properties below its own `_ext`, or below the `_ext` of an object around
   * it.
   */
  private inner(object: number, name: string, node: DocumentObject, elementName: string): ElementScope {
    const mirrors = this.objects.flatMap((other, outer) => {
      const mirror = outer === object ? undefined : other.node.members.get(name);
      const mirrored = mirror?.kind === 'array' ? mirror.element : mirror;
      return mirrored?.kind === 'object' ? withExtensions(mirrored, outer).slice(1) : [];
    });
    return new ElementScope([...withExtensions(node, object), ...mirrors], [elementName], []);
  }
}

const withExtensions = (node: DocumentObject, outer: number): readonly [ScopeObject, ...ScopeObject[]] => [
  { node, outer, extension: null },
  ...extensionsOf(node).map(([extension, added]) => ({ node: added, outer, extension })),
];

function formOf({ name, ref, children }: XmlElement): ElementForm {
  if (isReferenceName(name) && (ref !== null || children.some(isPartOfReference))) return 'reference';
  return children.length === 0 ? 'text' : 'object';
}

const isReferenceName = (name: string) => name.toLowerCase().endsWith(referenceEnding.toLowerCase());

/** Finds a member by its name in any letter case: elements begin with capitals, and acronyms differ. */
const memberNamed = (object: DocumentObject, name: string): readonly [string, DocumentNode] | undefined =>
  byLowerCase(object).get(name.toLowerCase());

const byLowerCase = cachedByObject(
  (object: DocumentObject) =>
    new Map(ownMembers(object).map(([name, member]) => [name.toLowerCase(), [name, member] as const])),
);
const schoolYears = 'SchoolYearType';

/** The value that an element of the form gives to a member; undefined if the member has properties of its own. */
function singleValue(member: DocumentNode, form: ElementForm): SingleValue | undefined {
  if (member.kind === 'leaf') return form === 'text' ? { kind: 'value', type: valueTypeOf(member) } : undefined;
  if (member.kind === 'array' || !member.reference) return undefined;
  if (form === 'reference') return { kind: 'reference', reference: member.reference };
  const [part, other] = member.reference.parts;
  const { targetResource } = member.reference.binding;
  if (form !== 'text' || !part || other || targetResource.resourceName !== schoolYears) return undefined;
  return { kind: 'school-year', type: valueTypeOf(part.leaf), part: part.name };
}

/** Whether an element holds the identity of the target of the reference around it. */
export const isPartOfReference = ({ name }: XmlElement) => /(?:Identity|Lookup)$/i.test(name);

/** Names kept per scope: enough for every schema, and a bound for a file with other names. */
const keptNames = 1000;

/** A property that an element may give to one of the objects of a scope. */
interface SoughtProperty {
  /** The position of the object. */
  readonly object: number;
  readonly node: DocumentObject;
  readonly name: string;
  readonly form: ElementForm;
  readonly elementName: string;
}

/*
 * How the name of an element becomes the name of a property (design 14a §2.1). Both come from one name of the standard.
 * The element keeps the whole name. The property drops what the class around it already says.
 */

/** Where the words of a name in Pascal case begin: 0, 3 and 12 in `IEPPlacementDate`. */
function wordStarts(name: string): number[] {
  const starts = [0];
  for (let index = 1; index < name.length; index += 1) {
    const isUpper = /[A-Z]/.test(name.charAt(index));
    const isAfterLower = /[a-z0-9]/.test(name.charAt(index - 1));
    const isBeforeLower = /[a-z]/.test(name.charAt(index + 1));
    if (isUpper && (isAfterLower || isBeforeLower)) starts.push(index);
  }
  return starts;
}

/** The possible role names of an inlined element: `CumulativeEarned` and `Cumulative` for `CumulativeEarnedCredits`. */
function roleNames(elementName: string): string[] {
  return wordStarts(elementName)
    .slice(1)
    .reverse()
    .map((start) => elementName.slice(0, start));
}

/**
 * Where words of a name may begin: where it shows that by its capitals, and anywhere in a name that shows nothing,
 * because letter case does not count.
 */
function possibleStarts(name: string): readonly number[] {
  const isPlain = name === name.toLowerCase() || name === name.toUpperCase();
  return isPlain ? [...name].map((_, index) => index) : wordStarts(name);
}

/** Drops from the beginning of a name the last words of an owner. Tries the longest run of words first. */
function withoutOwner(name: string, owners: readonly string[]): string[] {
  const starts = new Set(possibleStarts(name));
  const plain = name.toLowerCase();
  const found: string[] = [];
  for (const owner of owners) {
    for (const start of wordStarts(owner)) {
      const words = owner.slice(start).toLowerCase();
      if (plain.startsWith(words) && starts.has(words.length)) found.push(name.slice(words.length));
    }
  }
  return found;
}

/** Drops a role that the name repeats: `FundFundDimension` becomes `FundDimension`. */
function withoutRepeatedRole(name: string): string[] {
  const plain = name.toLowerCase();
  return possibleStarts(name)
    .slice(1)
    .flatMap((start) => (plain.startsWith(plain.slice(0, start), start) ? [name.slice(start)] : []));
}

/**
 * Lists the names that the property of an element can have. The first one that the model has is right.
 *
 * @param owners names of the classes around the element; the property can drop them
 * @param roles role names of the inlined element around it; the property can begin with one
 */
function propertyNames(elementName: string, owners: readonly string[], roles: readonly string[]): string[] {
  const names = [...roles.map((role) => `${role}${elementName}`), elementName];
  return [...new Set(names.flatMap((name) => [name, ...withoutOwner(name, owners), ...withoutRepeatedRole(name)]))];
}

/** Lists the names that an array of such properties can have. */
function arrayNames(name: string): string[] {
  // the standard has `staffs`
  return [...new Set([pluralize(name), `${name}s`, name])];
}
