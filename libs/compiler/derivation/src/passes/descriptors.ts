import { compileJsonPath, isExtensionScoped, propertyNames, resourceLabel } from '@dms/api-schema';
import { descriptorMembers, pascalCase, type QualifiedResourceName } from '@dms/model';
import { textFormats } from '@dms/sql';
import { byName, compareBy } from '@dms/values';
import type { DraftRules } from '../draft/draft-rules.ts';
import { type DraftColumn, type DraftTable, descriptorTable, storageOf } from '../draft/draft-table.ts';
import { type DraftResource, type ModelDraft, relationalResources } from '../draft/model-draft.ts';
import { hasDocumentPaths } from '../input/document-paths.ts';
import {
  entryOrder,
  failResource,
  identityTexts,
  type ResourceEntry,
  resourceDiagnostic,
} from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';

/**
 * Checks the contract of descriptor resources and drops their tables, because they are stored in `dms.Descriptor`
 * (design 02 §11).
 */
export function markDescriptorResources(draft: ModelDraft): void {
  draft.diagnostics.forEach(
    [...draft.resources.values()].filter((resource) => resource.input.isDescriptor),
    (resource) => markDescriptor(draft, resource),
  );
}

function markDescriptor({ diagnostics, rules }: ModelDraft, resource: DraftResource): void {
  const { entry, label, input } = resource;
  if (!entry.resourceName.endsWith('Descriptor')) {
    const text = 'the name of a descriptor resource must end with "Descriptor"';
    diagnostics.add([resourceDiagnostic('DESCRIPTOR_NAME_INVALID', label, text, 'resourceName')]);
  }
  // a property whose error was reported may be one that the contract requires
  const findings = input.insertSchema.refused.size > 0 ? [] : contractFindings(input, rules);
  if (findings.length > 0) {
    const text = `jsonSchemaForInsert does not describe a descriptor: ${findings.join('; ')}`;
    diagnostics.add([
      resourceDiagnostic('DESCRIPTOR_CONTRACT_VIOLATION', label, text, 'jsonSchemaForInsert', { violations: findings }),
    ]);
  }
  for (const { path, text } of misplacedParts(input))
    diagnostics.add([resourceDiagnostic('DESCRIPTOR_CONTRACT_VIOLATION', label, text, path, { violations: [text] })]);
  resource.isSharedDescriptor = true;
  resource.tables = [];
  resource.edgeSources.length = 0;
  resource.decimalPrecisionFallbacks.length = 0;
  resource.descriptorMetadata = {
    columns: { ...descriptorMembers, discriminator: null },
    discriminatorStrategy: 'resourceKeyId',
  };
}

const texts = ['namespace', 'codeValue', 'shortDescription', 'description'];
const dates = ['effectiveBeginDate', 'effectiveEndDate'];
const requiredMembers = ['namespace', 'codeValue'];

function contractFindings(input: ResourceInput, rules: DraftRules): string[] {
  const { root } = input.insertSchema;
  if (!root.declares.properties) return ['"properties" is missing'];
  const findings = rules.refusesLostDescriptorParts ? lostParts(input) : [];
  for (const name of [...texts, ...dates]) {
    const property = root.properties.get(name)?.node;
    if (!property) {
      if (requiredMembers.includes(name)) findings.push(`the property "${name}" is missing`);
      continue;
    }
    const isText = property.kind === 'scalar' && property.type === 'string';
    if (!isText) findings.push(`"${name}" must have the type "string"`);
    else if (dates.includes(name) && property.format !== 'date') findings.push(`"${name}" must have the format "date"`);
  }
  if (!root.declares.required) return [...findings, '"required" is missing'];
  for (const name of requiredMembers)
    if (root.properties.get(name)?.isRequired !== true) findings.push(`"${name}" must be required`);
  for (const [name, { isRequired }] of root.properties) {
    const mayBeRequired = requiredMembers.includes(name) || name === 'shortDescription';
    if (isRequired && !mayBeRequired) findings.push(`"${name}" must not be required`);
  }
  return findings;
}

/**
 * Findings for arrays, whose values would be lost: `dms.Descriptor` has one row per descriptor, with its own columns.
 */
function lostParts({ insertSchema: { nodes } }: ResourceInput): string[] {
  const arrays = [...nodes.values()].flatMap(({ kind, path }) => (kind === 'array' ? [path.canonical] : []));
  return arrays.sort().map((path) => `${path} is an array; a descriptor has only single values`);
}

/** Findings for parts that `dms.Descriptor` cannot hold or that nothing would check, each with its place. */
function misplacedParts({ insertSchema: { root }, equalityConstraints }: ResourceInput) {
  const formats = texts.flatMap((name) => {
    const node = root.properties.get(name)?.node;
    if (node?.kind !== 'scalar' || node.type !== 'string' || typeof node.format !== 'string') return [];
    // the format would change the type of the text
    if (!textFormats.has(node.format)) return [];
    const text = `${node.path.canonical} of a descriptor is a text, and has the format "${node.format}"; leave the format out`;
    return [{ path: node.path.canonical, text }];
  });
  const equalities = equalityConstraints.map(({ source, target }, index) => ({
    path: `equalityConstraints[${index}]`,
    text: `equalityConstraints[${index}] (${source.canonical}, ${target.canonical}): a descriptor has no equality constraints, because nothing checks them; remove it`,
  }));
  return [...formats, ...equalities];
}

interface DescriptorPair {
  readonly target: ResourceEntry;
  readonly identityPath: string;
  readonly referencePath: string;
}

type PathMap = Map<string, QualifiedResourceName>;

const pairOrder = compareBy<DescriptorPair>(
  (pair) => pair.target.project.projectName,
  (pair) => pair.target.resourceName,
  (pair) => pair.identityPath,
  (pair) => pair.referencePath,
);

/**
 * Finds every path where a resource names a descriptor: mapped paths, and paths in the identity of a referenced
 * resource, over any number of references (design 02 §4). Fills `descriptorPaths`.
 */
export function mapDescriptorPaths(draft: ModelDraft): void {
  const entries = [...draft.entries.concrete, ...draft.entries.abstract].sort(entryOrder);
  const pathsOf = new Map<ResourceEntry, PathMap>();
  const pairsOf = new Map<ResourceEntry, DescriptorPair[]>();
  draft.diagnostics.forEach(entries, (entry) => {
    const paths: PathMap = new Map();
    const pairs: DescriptorPair[] = [];
    readOwnPaths(draft, entry, paths, pairs);
    pathsOf.set(entry, paths);
    pairsOf.set(entry, pairs.sort(pairOrder));
  });
  followReferences(draft, pathsOf, pairsOf);
  storeDescriptorPaths(draft, pathsOf);
}

function readOwnPaths(draft: ModelDraft, entry: ResourceEntry, paths: PathMap, pairs: DescriptorPair[]): void {
  if (!hasDocumentPaths(entry)) {
    draft.diagnostics.forEach(identityTexts(entry).entries(), ([index, text]) => {
      const { segments } = compileJsonPath(text, { resource: entry.label }, `identityJsonPaths[${index}]`);
      const last = propertyNames(segments).at(-1);
      if (last?.endsWith('Descriptor'))
        put(entry, paths, text, { projectName: entry.project.projectName, resourceName: pascalCase(last) });
    });
    return;
  }
  draft.diagnostics.forEach(draft.documentPaths.entriesOf(entry), ([key, value]) => {
    if (value.kind === 'descriptor') {
      const path = compileJsonPath(
        value.path,
        { resource: entry.label },
        `documentPathsMapping["${key}"].path`,
      ).canonical;
      if (paths.has(path)) {
        const descriptors = [
          resourceLabel(paths.get(path) as QualifiedResourceName),
          resourceLabel(value.target),
        ].sort();
        failResource(
          'DESCRIPTOR_PATH_CONFLICT',
          entry.label,
          `${path} is mapped to a descriptor twice: ${descriptors.join(' and ')}`,
          path,
          { path, descriptors },
        );
      }
      put(entry, paths, path, value.target);
    } else if (value.kind === 'reference' && !draft.documentPaths.isRefused(value)) {
      const target = draft.entries.known.get(resourceLabel(value.target)) as ResourceEntry;
      for (const { identityJsonPath, referenceJsonPath } of draft.documentPaths.pathsOf(entry, key, value)) {
        pairs.push({ target, identityPath: identityJsonPath.canonical, referencePath: referenceJsonPath.canonical });
      }
    }
  });
}

function put(entry: ResourceEntry, paths: PathMap, path: string, descriptor: QualifiedResourceName): boolean {
  const present = paths.get(path);
  if (!present) {
    paths.set(path, descriptor);
    return true;
  }
  const labels = [resourceLabel(present), resourceLabel(descriptor)];
  if (labels[0] !== labels[1]) {
    const descriptors = labels.sort();
    failResource(
      'DESCRIPTOR_PATH_CONFLICT',
      entry.label,
      `${path} would be two descriptors: ${descriptors.join(' and ')}`,
      path,
      { path, descriptors },
    );
  }
  return false;
}

type PathsByResource = ReadonlyMap<ResourceEntry, PathMap>;

/**
 * Copies known descriptors from the targets of references to the referring resources, until no resource gets another
 * one.
 */
function followReferences(
  draft: ModelDraft,
  pathsOf: PathsByResource,
  pairsOf: ReadonlyMap<ResourceEntry, readonly DescriptorPair[]>,
): void {
  const copyDescriptor = (
    entry: ResourceEntry,
    paths: PathMap,
    { target, identityPath, referencePath }: DescriptorPair,
  ): boolean => {
    const descriptor = pathsOf.get(target)?.get(identityPath);
    return (
      descriptor !== undefined && draft.diagnostics.attempt(() => put(entry, paths, referencePath, descriptor)) === true
    );
  };
  for (let hasGrown = true; hasGrown; ) {
    hasGrown = false;
    for (const [entry, paths] of pathsOf)
      for (const pair of pairsOf.get(entry) ?? []) hasGrown = copyDescriptor(entry, paths, pair) || hasGrown;
  }
}

/** Stores the descriptor paths of every resource in the draft, paths below an extension separate from the others. */
function storeDescriptorPaths(draft: ModelDraft, pathsOf: PathsByResource): void {
  for (const [entry, paths] of pathsOf) {
    const own = { base: new Map(), extension: new Map() };
    draft.descriptorPaths.set(entry, own);
    for (const [path, descriptor] of paths) {
      const isBelowExtension = isExtensionScoped(
        compileJsonPath(path, { resource: entry.label }, 'documentPathsMapping'),
      );
      (isBelowExtension ? own.extension : own.base).set(path, descriptor);
    }
  }
}

/**
 * Adds a foreign key to `dms.Descriptor` for each stored descriptor column; aliases share the key of their canonical
 * column (02 §9.5).
 */
export function deriveDescriptorForeignKeys(draft: ModelDraft): void {
  for (const resource of relationalResources(draft)) {
    for (const table of resource.tables) constrainTable(resource, table);
    resource.descriptorFkDeduplications.sort(
      compareBy(
        ({ table }) => table.table.schema,
        ({ table }) => table.table.name,
        ({ storageColumn }) => storageColumn.name,
      ),
    );
  }
}

function constrainTable(resource: DraftResource, table: DraftTable): void {
  const bindingsOf = new Map<DraftColumn, DraftColumn[]>();
  for (const column of table.columns.values()) {
    if (column.kind !== 'DescriptorFk') continue;
    const storage = storageOf(column);
    const bindings = bindingsOf.get(storage) ?? [];
    if (column.sourcePath) bindings.push(column);
    bindingsOf.set(storage, bindings);
  }
  for (const storageColumn of [...bindingsOf.keys()].sort(byName)) {
    table.addConstraint({
      kind: 'ForeignKey',
      purpose: { kind: 'Descriptor' },
      columns: [storageColumn],
      target: descriptorTable,
      targetColumns: [descriptorTable.documentId],
      onDelete: 'NoAction',
    });
    const bindingColumns = (bindingsOf.get(storageColumn) ?? []).sort(byName);
    if (bindingColumns.length > 1) resource.descriptorFkDeduplications.push({ table, storageColumn, bindingColumns });
  }
}
