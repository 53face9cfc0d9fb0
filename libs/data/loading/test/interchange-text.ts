import { compareOrdinal, isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import pluralize from 'pluralize';

/*
 * Writes documents as interchange XML: the rules of design 14a §2 in the other direction. Names of elements come from
 * the keys of `documentPathsMapping`. They are the names of the standard, and the reader never sees them.
 */

interface PathPair {
  readonly identityJsonPath: string;
  readonly referenceJsonPath: string;
}

interface InterchangeEntry {
  readonly isDescriptor?: boolean;
  readonly path?: string;
  readonly resourceName?: string;
  readonly referenceJsonPaths?: readonly PathPair[];
}

interface InterchangeSchema {
  readonly resourceName: string;
  readonly isResourceExtension: boolean;
  readonly superclassResourceName?: string;
  readonly documentPathsMapping: Readonly<Record<string, InterchangeEntry>>;
}

/** The members of an ApiSchema file that are needed here. */
export interface SchemaFile {
  readonly projectSchema: {
    readonly projectEndpointName: string;
    readonly projectName: string;
    readonly resourceSchemas: Readonly<Record<string, InterchangeSchema>>;
  };
}

interface InterchangeNode {
  readonly name: string;
  /** The positions in the arrays around it. */
  readonly positions: readonly number[];
  text: string;
  readonly children: InterchangeNode[];
}

/** A value or a reference of a resource with the elements that lead to it. */
interface Place {
  readonly entry: InterchangeEntry;
  /** The path of the value, or of the object of the reference. */
  readonly path: string;
  /** The last one is the element itself. `depth` is the number of arrays around it that are repeated with it. */
  readonly elements: readonly { readonly name: string; readonly depth: number }[];
}

const pascal = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const parentOf = (path: string) => path.slice(0, path.lastIndexOf('.'));
const arraysIn = (path: string) => path.split('[*]').length - 1;
const withoutExtensions = (path: string) => path.replace(/\._ext\.[^.]+/g, '');

const pathOf = ({ path, referenceJsonPaths }: InterchangeEntry): string => {
  const pair = referenceJsonPaths?.[0];
  return path ?? parentOf(String(pair?.referenceJsonPath));
};

/** References whose keys lack the role name that their properties have. */
const missingRoles: Readonly<Record<string, string>> = {
  'StudentCompetencyObjective.CompetencyObjective': 'Objective',
  'StaffEducationOrganizationAssignmentAssociation.StaffEducationOrganizationEmploymentAssociation': 'Employment',
};

/** Names in the published samples for properties whose keys are not those of the standard. */
const publishedNames: Readonly<Record<string, string>> = {
  'AssessmentAdministration.Periods': 'AssessmentAdministrationPeriod',
};

/**
 * The element of a value or reference. Keys of descriptors have an ending that elements lack; for references it is the
 * reverse.
 */
function lastElement(name: string, { isDescriptor, resourceName, referenceJsonPaths }: InterchangeEntry): string {
  if (isDescriptor) return name.replace(/Descriptor$/, '');
  return referenceJsonPaths && resourceName !== 'SchoolYearType' ? `${name}Reference` : name;
}

/** Elements named after the properties of a path, in the singular for arrays. */
function plainElements(resource: string, entry: InterchangeEntry): Place['elements'] {
  const names = withoutExtensions(pathOf(entry)).slice(2).split('.');
  const ending = entry.referenceJsonPaths ? /(?:Type)?Reference$/ : /$^/;
  const elements = names.map((name, index) => {
    const own = pascal(name.replace('[*]', '').replace(ending, ''));
    const singular = name.endsWith('[*]')
      ? (publishedNames[`${resource}.${own}`] ?? pascal(pluralize.singular(own.replace(/Descriptors$/, ''))))
      : own;
    return { name: singular, depth: arraysIn(names.slice(0, index + 1).join('.')) };
  });
  const last = elements.at(-1);
  return last ? [...elements.slice(0, -1), { ...last, name: lastElement(last.name, entry) }] : [];
}

/** Whether a key is not a name of the standard but joins the names of the properties. */
function isMadeUp(key: string, entry: InterchangeEntry): boolean {
  const names = pathOf(entry).slice(2).replaceAll('[*]', '').split('.');
  const last = names.length - 1;
  const own = names.map((name, index) =>
    pascal(entry.referenceJsonPaths && index === last ? name.replace(/Reference$/, '') : name),
  );
  const singular = own.map((name, index) => (index < last ? pluralize.singular(name) : name));
  return (
    arraysIn(pathOf(entry)) > 0 &&
    !key.includes('.') &&
    own.length > 1 &&
    [own.join(''), singular.join('')].includes(key)
  );
}

/** The elements of an array of single values or references have no element inside. */
function collapsed(elements: Place['elements'], isAlone: boolean, style: NamingStyle): Place['elements'] {
  const [outer, inner] = elements.slice(-2);
  if (!isAlone || !outer || !inner || outer.depth !== inner.depth || outer.depth === 0) return elements;
  const isReference = inner.name.endsWith('Reference');
  // the array has a role name, or the same name as its value
  const stem = isReference ? inner.name.slice(0, -'Reference'.length) : inner.name;
  const isNamedByArray = style === 'plain' || (outer.name.endsWith(stem) && outer.name !== stem);
  const name = isNamedByArray ? `${outer.name}${isReference ? 'Reference' : ''}` : inner.name;
  return [...elements.slice(0, -2), { ...inner, name }];
}

export type NamingStyle = 'standard' | 'plain';

/** The places of all values and references of a resource. */
function placesOf({ resourceName, documentPathsMapping }: InterchangeSchema, style: NamingStyle): Place[] {
  const entries = Object.entries(documentPathsMapping);
  const isAlone = (path: string) =>
    entries.filter(([, other]) => parentOf(withoutExtensions(pathOf(other))) === parentOf(withoutExtensions(path)))
      .length === 1;
  /** The number of arrays that all values inside an element share. */
  const commonDepth = (prefix: string) => {
    const paths = entries.flatMap(([key, entry]) =>
      key.startsWith(`${prefix}.`) ? [withoutExtensions(pathOf(entry))] : [],
    );
    let depth = 0;
    for (const [index, part] of (paths[0] ?? '').split('[*]').slice(0, -1).entries())
      if (depth === index && paths.every((path) => path.split('[*]')[index] === part && arraysIn(path) > index))
        depth += 1;
    return depth;
  };
  return entries.map(([key, entry]) => {
    const path = pathOf(entry);
    if (style === 'plain' || isMadeUp(key, entry))
      return { entry, path, elements: collapsed(plainElements(resourceName, entry), isAlone(path), style) };
    const segments = key.split('.');
    const last = `${missingRoles[`${resourceName}.${key}`] ?? ''}${segments.pop()}`;
    const outer = segments.map((name, index) => ({ name, depth: commonDepth(segments.slice(0, index + 1).join('.')) }));
    // choices have no element
    const kept = outer.filter(
      ({ name, depth }, index) => !name.endsWith('Choice') || depth > (outer[index - 1]?.depth ?? 0),
    );
    return { entry, path, elements: [...kept, { name: lastElement(last, entry), depth: arraysIn(path) }] };
  });
}

/** All values at a path, with their positions in the arrays of the path. */
function valuesAt(
  document: JsonValue,
  path: string,
): { readonly value: JsonValue; readonly positions: readonly number[] }[] {
  let found: { value: JsonValue; positions: number[] }[] = [{ value: document, positions: [] }];
  for (const name of path.slice(2).split('.')) {
    found = found.flatMap(({ value, positions }) => {
      const member = isJsonObject(value) ? value.get(name.replace('[*]', '')) : undefined;
      if (member === undefined) return [];
      if (!name.endsWith('[*]')) return [{ value: member, positions }];
      return isJsonArray(member)
        ? member.map((each, index) => ({ value: each, positions: [...positions, index] }))
        : [];
    });
  }
  return found;
}

const escaped = (text: string) =>
  text.replace(/[&<>"\r\t\n\u0085\u2028]/g, (character) => `&#${character.codePointAt(0)};`);

/** Writes a value. `turn` chooses between forms with the same meaning. */
function textOf(value: JsonValue, isSchoolYear: boolean, turn: number): string {
  if (typeof value === 'boolean') return turn % 2 === 0 ? String(value) : value ? '1' : '0';
  if (value instanceof JsonNumber) {
    const year = Number(value.lexeme);
    if (isSchoolYear && turn % 2 === 0 && year > 1000 && year < 10_000) return `${year - 1}-${year}`;
    return value.lexeme;
  }
  const text = String(value);
  // a date-time without a zone is in UTC
  return turn % 2 === 0 && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) ? text.slice(0, -1) : text;
}

function written({ name, text, children }: InterchangeNode): string {
  // only elements of one name have an order
  const ordered = [...children].sort(
    (a, b) => compareOrdinal(b.name, a.name) || (a.positions.at(-1) ?? 0) - (b.positions.at(-1) ?? 0),
  );
  return `<${name}>${escaped(text)}${ordered.map(written).join('')}</${name}>`;
}

/** Writes the documents of some schemas as interchange XML. */
export class InterchangeText {
  private readonly places = new Map<string, Place[]>();
  private readonly subclasses = new Map<string, string>();
  private turn = 0;

  constructor(files: readonly SchemaFile[], style: NamingStyle) {
    for (const { projectSchema } of files) {
      for (const resource of Object.values(projectSchema.resourceSchemas)) {
        const { resourceName, superclassResourceName } = resource;
        this.places.set(resourceName, [...(this.places.get(resourceName) ?? []), ...placesOf(resource, style)]);
        if (superclassResourceName && !this.subclasses.has(superclassResourceName))
          this.subclasses.set(superclassResourceName, resourceName);
      }
    }
  }

  /** Writes a file. Resources are named without their project. */
  file(documents: readonly { readonly resource: string; readonly document: JsonObject }[]): string {
    const elements = documents.map(({ resource, document }) => written(this.element(resource, document)));
    return `<?xml version="1.0" encoding="UTF-8"?>\n<InterchangeAll xmlns="http://ed-fi.org/5.2.0">\n${elements.join('\n')}\n</InterchangeAll>\n`;
  }

  private element(resource: string, document: JsonObject): InterchangeNode {
    const root: InterchangeNode = { name: resource, positions: [], text: '', children: [] };
    for (const { entry, path, elements } of this.places.get(resource) ?? []) {
      for (const { value, positions } of valuesAt(document, path)) {
        const node = place(root, elements, positions);
        if (entry.referenceJsonPaths) this.reference(node, entry, value as JsonObject);
        else node.text = textOf(value, /schoolYear$/i.test(path), this.next());
      }
    }
    return root;
  }

  private next(): number {
    this.turn += 1;
    return this.turn;
  }

  private reference(
    node: InterchangeNode,
    { resourceName = '', referenceJsonPaths = [] }: InterchangeEntry,
    reference: JsonObject,
  ): void {
    const values = new Map(
      referenceJsonPaths.map(({ identityJsonPath, referenceJsonPath }) => [
        identityJsonPath,
        reference.get(referenceJsonPath.slice(referenceJsonPath.lastIndexOf('.') + 1)) ?? null,
      ]),
    );
    if (resourceName === 'SchoolYearType') node.text = textOf([...values.values()][0] ?? null, true, this.next());
    else node.children.push(this.identity(resourceName, values));
  }

  /** Writes the identity of a concrete or abstract resource. */
  private identity(resource: string, values: ReadonlyMap<string, JsonValue>): InterchangeNode {
    const root: InterchangeNode = { name: `${resource}Identity`, positions: [], text: '', children: [] };
    const left = new Set(values.keys());
    for (const { entry, path, elements } of this.places.get(this.subclasses.get(resource) ?? resource) ?? []) {
      if (entry.referenceJsonPaths) {
        const pairs = entry.referenceJsonPaths.filter(({ referenceJsonPath }) => values.has(referenceJsonPath));
        if (pairs.length === 0) continue;
        const parts = pairs.map(
          ({ identityJsonPath, referenceJsonPath }) =>
            [identityJsonPath, values.get(referenceJsonPath) ?? null] as const,
        );
        const node = place(root, elements, []);
        const [first] = parts;
        if (entry.resourceName === 'SchoolYearType') node.text = textOf(first?.[1] ?? null, true, this.next());
        else node.children.push(this.identity(String(entry.resourceName), new Map(parts)));
        for (const { referenceJsonPath } of pairs) left.delete(referenceJsonPath);
      } else if (values.has(path)) {
        place(root, elements, []).text = textOf(values.get(path) ?? null, /schoolYear$/i.test(path), this.next());
        left.delete(path);
      }
    }
    // subclasses have another name for this path
    for (const path of left)
      place(root, [{ name: pascal(path.slice(2)), depth: 0 }], []).text = textOf(
        values.get(path) ?? null,
        false,
        this.next(),
      );
    return root;
  }
}

/** Adds the element of a value. The elements that lead to it are shared by all values with the same positions. */
function place(root: InterchangeNode, elements: Place['elements'], positions: readonly number[]): InterchangeNode {
  let node = root;
  for (const [index, { name, depth }] of elements.entries()) {
    const own = positions.slice(0, depth);
    const isSame = (child: InterchangeNode) => child.name === name && child.positions.join() === own.join();
    const known = index < elements.length - 1 ? node.children.find(isSame) : undefined;
    const next: InterchangeNode = known ?? { name, positions: own, text: '', children: [] };
    if (!known) node.children.push(next);
    node = next;
  }
  return node;
}
