import { ignoredAtRoot, ignoredInReference, resourceLabel } from '@dms/api-schema';
import {
  counted,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticLocation,
  diagnostic,
  failIfAny,
  nearNames,
} from '@dms/diagnostics';
import {
  type DocumentArray,
  type DocumentLeaf,
  type DocumentNode,
  type DocumentObject,
  type DocumentReference,
  mustExist,
  type QualifiedResourceName,
} from '@dms/model';
import { documentRulesOf } from '@dms/plans';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, nestingLimit } from '@dms/values';
import { generations } from '../generations.ts';
import { type IdentityParts, type IdentitySource, ownIdentity, targetSourceOf } from '../identity/identity-sources.ts';
import {
  descriptorIdentity,
  type IdentityValue,
  referentialIdOfText,
  type SoughtIdentity,
} from '../identity/referential-id.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { DocumentTableShape } from '../resource-shape.ts';
import { storedValue } from '../values/stored-value.ts';
import {
  type CheckedDocument,
  type CheckedRow,
  type CheckOfDocument,
  type CheckOptions,
  elementPlace,
  memberPlace,
  placeInRow,
  type RowDraft,
  type SoughtTarget,
  shown,
} from './checked-document.ts';
import { duplicateElements, unequalValues, unificationConflicts } from './conflicting-values.ts';

/** The texts about a member `id`: as an error, and as a warning. */
export const idTexts = {
  refused: 'is assigned by an API, so a document to write must not have one: leave it out',
  ignored: 'is assigned by an API',
} as const;

/**
 * Checks a document against the model, without SQL (design 14 §1), and computes its values, rows and referential ids.
 * Reports all diagnostics together: `DOCUMENT_PROPERTY_UNKNOWN` (a warning with `ignoreUnknown`),
 * `DOCUMENT_VALUE_MISSING`, `DOCUMENT_VALUE_INVALID`, `DOCUMENT_REFERENCE_INCOMPLETE`, `DOCUMENT_UNIFICATION_CONFLICT`,
 * `DOCUMENT_EQUALITY_VIOLATED`, `DOCUMENT_DUPLICATE_ELEMENT`, `DOCUMENT_TOO_LARGE`. Throws `DOCUMENT_RESOURCE_UNKNOWN`.
 */
export function checkDocument(
  all: DocumentPlans,
  resource: QualifiedResourceName,
  document: JsonValue,
  options: CheckOptions = {},
): CheckOfDocument {
  const plans = all.of(resource);
  const check = new DocumentCheck(all, plans, options);
  check.check(document);
  const { diagnostics, warnings, targets } = check;
  const identities = diagnostics.length === 0 ? check.identities() : null;
  if (identities === null) return { document: null, diagnostics, warnings };
  const rows: readonly (readonly CheckedRow[])[] = check.rows;
  return { document: { plans, ...identities, rows, targets }, diagnostics, warnings };
}
const ignoredNowhere: ReadonlySet<string> = new Set();

class DocumentCheck {
  readonly diagnostics: Diagnostic[] = [];
  readonly warnings: Diagnostic[] = [];
  readonly rows: RowDraft[][];
  readonly targets: SoughtTarget[] = [];
  private readonly all: DocumentPlans;
  private readonly plans: ResourcePlans;
  private readonly options: CheckOptions;

  constructor(all: DocumentPlans, plans: ResourcePlans, options: CheckOptions) {
    this.all = all;
    this.plans = plans;
    this.options = options;
    this.rows = plans.shape.tables.map(() => []);
  }

  report(code: DiagnosticCode, place: string, text: string, details: Diagnostic['details'] = {}): void {
    this.diagnostics.push(this.diagnosticAt(code, place, text, details));
  }

  private diagnosticAt(code: DiagnosticCode, place: string, text: string, details: Diagnostic['details']): Diagnostic {
    const { label: resource } = this.plans;
    const { file, line } = this.options;
    const where: DiagnosticLocation = {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      resource,
      path: place,
    };
    return diagnostic(code, `${resource} ${place} ${text}.`, where, { resource, path: place, ...details });
  }

  /** Collects the rows of the whole document, then checks each. */
  check(document: JsonValue): void {
    const { shape } = this.plans;
    const limit = this.options.nestingLimit ?? nestingLimit;
    if (nestsDeeper(document, limit)) {
      this.report('DOCUMENT_TOO_LARGE', '$', `nests deeper than ${counted(limit, 'level')}`, { limit });
      return;
    }
    if (!isJsonObject(document)) {
      this.report('DOCUMENT_VALUE_INVALID', '$', `is ${shown(document)}; a document is an object`);
      return;
    }
    this.object(shape.root, document, '$', undefined, []);
    for (const table of shape.tables) for (const row of this.rows[table.index] ?? []) this.row(table, row);
    for (const table of shape.tables) this.parents(table);
    duplicateElements(shape, this.rows, documentRulesOf(this.plans.version), this.all.dialect, (place, text, details) =>
      this.report('DOCUMENT_DUPLICATE_ELEMENT', place, text, details),
    );
    unequalValues(shape, this.rows, (place, text, details) =>
      this.report('DOCUMENT_EQUALITY_VIOLATED', place, text, details),
    );
  }

  private newRow(table: number, ordinals: readonly number[], place: string): RowDraft {
    const row: RowDraft = { ordinals, place, values: [], descriptors: [], references: [], present: [], wrong: null };
    mustExist(this.rows[table], 'the rows of a table').push(row);
    return row;
  }

  private object(
    shape: DocumentObject,
    value: JsonObject,
    place: string,
    outer: RowDraft | undefined,
    ordinals: readonly number[],
  ): void {
    const row = shape.table === null ? outer : this.newRow(shape.table, ordinals, place);
    if (shape.reference && row) row.present[shape.reference.index] = place;
    const ignored = place === '$' ? ignoredAtRoot : shape.reference ? ignoredInReference : ignoredNowhere;
    const table = shape.table === null ? undefined : this.plans.shape.tables[shape.table];
    const rules = generations[this.plans.version].shape;
    // only some tables have optional rows
    const optional = table && rules.mayMakeNoRow(table.table) ? table : undefined;
    const rowsBefore = optional ? this.rowsBelow(optional) : 0;
    for (const [name, member] of value) {
      const known = shape.members.get(name);
      // paths of the model need no quotes
      if (known) this.value(known, member, `${place}.${name}`, row, ordinals);
      else if (place === '$' && name === 'id') this.id(member, memberPlace(place, name));
      else if (!ignored.has(name))
        this.unknown(memberPlace(place, name), 'is not a property of the model', name, shape);
    }
    if (!optional) return;
    const members = new Map([...value].filter(([name]) => shape.members.has(name)));
    // the row is the last one, because no table is within itself
    if (!rules.makesRow(optional.table, members, this.rowsBelow(optional) > rowsBefore))
      this.rows[optional.index]?.pop();
  }

  /** The number of rows in the child tables of a table. */
  private rowsBelow({ index }: DocumentTableShape): number {
    const below = this.plans.shape.tables.filter(({ parent }) => parent === index);
    return below.reduce((count, each) => count + mustExist(this.rows[each.index], 'the rows of a table').length, 0);
  }

  /** Reports a member `id`, unless it is the given uuid: an API assigns ids, and refuses a new document with one. */
  private id(value: JsonValue, place: string): void {
    const { uuid } = this.options;
    if (uuid !== undefined && typeof value === 'string' && value.toLowerCase() === uuid.toLowerCase()) return;
    this.unknown(place, this.options.ignoreUnknown ? idTexts.ignored : idTexts.refused);
  }

  private unknown(place: string, text: string, name?: string, shape?: DocumentObject): void {
    if (!this.options.ignoreUnknown) {
      const [nearest] = name === undefined || shape === undefined ? [] : nearNames(name, shape.members.keys());
      const hint = nearest === undefined ? '' : ` (did you mean ${JSON.stringify(nearest)}?)`;
      this.report('DOCUMENT_PROPERTY_UNKNOWN', place, text + hint);
    } else
      this.warnings.push({
        ...this.diagnosticAt('DOCUMENT_PROPERTY_UNKNOWN', place, `${text} and is ignored`, {}),
        class: 'W',
      });
  }

  private value(
    shape: DocumentNode,
    value: JsonValue,
    place: string,
    row: RowDraft | undefined,
    ordinals: readonly number[],
  ): void {
    if (value === null) return;
    if (shape.kind === 'leaf') this.leaf(shape, value, place, mustExist(row, `the row of ${place}`));
    else if (shape.kind === 'array') this.array(shape, value, place, ordinals);
    else if (isJsonObject(value)) this.object(shape, value, place, row, ordinals);
    else this.report('DOCUMENT_VALUE_INVALID', place, `is ${shown(value)}; it must be an object`);
  }

  private array(shape: DocumentArray, value: JsonValue, place: string, ordinals: readonly number[]): void {
    if (!isJsonArray(value)) {
      this.report('DOCUMENT_VALUE_INVALID', place, `is ${shown(value)}; it must be an array`);
      return;
    }
    const { element } = shape;
    value.forEach((each, index) => {
      const inner = elementPlace(place, index);
      const own = [...ordinals, index];
      if (element.kind === 'leaf') {
        const row = this.newRow(element.table, own, inner);
        if (each !== null) this.leaf(element, each, inner, row);
      } else if (element.kind === 'object' && isJsonObject(each)) this.object(element, each, inner, undefined, own);
      else this.report('DOCUMENT_VALUE_INVALID', inner, `is ${shown(each)}; it must be an object`);
    });
  }

  private leaf(leaf: DocumentLeaf, value: JsonValue, place: string, row: RowDraft): void {
    if (leaf.value === 'scalar') {
      const conversion = storedValue(value, leaf.scalarType, this.all.dialect, generations[this.plans.version].values);
      if (conversion.reason !== undefined) return this.wrongValue(leaf, value, place, row, conversion.reason);
      row.values[leaf.slot] = conversion.value;
      if (conversion.isCut) this.cut(leaf, value, place);
      return;
    }
    if (typeof value !== 'string') return this.wrongValue(leaf, value, place, row, 'is not a URI of a descriptor');
    if (value.includes('\u0000') || !value.isWellFormed())
      return this.wrongValue(leaf, value, place, row, 'holds a character that no database stores');
    row.values[leaf.slot] = value;
    const referentialId = this.all.referentialIds.ofDescriptor(leaf.descriptor, value);
    row.descriptors[leaf.slot] = referentialId;
    const identity = descriptorIdentity(value);
    this.targets.push({ referentialId, place, resource: leaf.descriptor, identity, reference: null });
  }

  private cut({ path }: DocumentLeaf, value: JsonValue, place: string): void {
    const text = `is ${shown(value)}: fractions of a second are cut, because an API does not store them`;
    this.warnings.push(this.diagnosticAt('DOCUMENT_FRACTION_CUT', place, text, { sourcePath: path }));
  }

  private wrongValue({ slot }: DocumentLeaf, value: JsonValue, place: string, row: RowDraft, text: string): void {
    row.wrong ??= new Set();
    row.wrong.add(slot);
    this.report('DOCUMENT_VALUE_INVALID', place, `is ${shown(value)}, which ${text}`, { value: shown(value) });
  }

  private row(table: DocumentTableShape, row: RowDraft): void {
    for (const leaf of table.required) {
      if (row.values[leaf.slot] !== undefined || row.wrong?.has(leaf.slot)) continue;
      this.report('DOCUMENT_VALUE_MISSING', this.placeOf(table, row, leaf), 'is required');
    }
    for (const reference of table.references) this.reference(table, row, reference);
    const { keyUnificationPlans } = mustExist(
      this.plans.write.tablePlansInDependencyOrder[table.index],
      'the plan of a table',
    );
    unificationConflicts(table, keyUnificationPlans, row, (leaf, text, details) =>
      this.report('DOCUMENT_UNIFICATION_CONFLICT', this.placeOf(table, row, leaf), text, details),
    );
  }

  private placeOf({ table }: DocumentTableShape, row: RowDraft, { path }: Pick<DocumentLeaf, 'path'>): string {
    return placeInRow(row.place, table.jsonScope, path);
  }

  private reference(table: DocumentTableShape, row: RowDraft, reference: DocumentReference): void {
    const { binding, parts, index } = reference;
    const { isRequired } = binding;
    const path = { path: binding.referenceObjectPath.canonical };
    if (row.present[index] === undefined) {
      if (isRequired) this.report('DOCUMENT_VALUE_MISSING', this.placeOf(table, row, path), 'is required');
      return;
    }
    const missing = parts.filter(({ leaf }) => row.values[leaf.slot] === undefined && !row.wrong?.has(leaf.slot));
    if (missing.length > 0) {
      const names = missing.map(({ leaf }) => this.placeOf(table, row, leaf));
      const text = `is incomplete: ${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} missing`;
      this.report('DOCUMENT_REFERENCE_INCOMPLETE', this.placeOf(table, row, path), text, { missing: names });
      return;
    }
    if (parts.some(({ leaf }) => row.wrong?.has(leaf.slot))) return;
    const place = this.placeOf(table, row, path);
    const source = targetSourceOf(this.all, reference);
    if (source.unnamed.length > 0) {
      const target = resourceLabel(binding.targetResource);
      const text = `cannot name any ${target}: the identities of its members also contain ${source.unnamed.join(', ')}`;
      this.report('DOCUMENT_REFERENCE_UNRESOLVED', place, text, { target });
      return;
    }
    const referentialId = this.all.referentialIds.of(this.identityText(source.parts, row));
    row.references[index] = referentialId;
    const identity = () => [...source.leaves].map(([each, leaf]) => this.identityValue(each, leaf, row));
    this.targets.push({ referentialId, place, resource: binding.targetResource, identity, reference });
  }

  private identityText(parts: IdentityParts, row: RowDraft): string {
    let text = '';
    const { texts } = this.all;
    for (const part of parts) text += typeof part === 'string' ? part : texts.part(this.textOf(part, row));
    return text;
  }

  private rawValue(leaf: DocumentLeaf, row: RowDraft): string | boolean {
    return mustExist(row.values[leaf.slot], `the value of ${leaf.path}`);
  }

  private textOf(leaf: DocumentLeaf, row: RowDraft): string {
    const { texts } = this.all;
    const raw = this.rawValue(leaf, row);
    return leaf.value === 'descriptor' ? texts.uri(String(raw)) : texts.scalar(raw, leaf.scalarType);
  }

  private identityValue(path: string, leaf: DocumentLeaf, row: RowDraft): IdentityValue {
    const kind = leaf.value === 'descriptor' ? 'Descriptor' : leaf.scalarType.kind;
    return { path, value: this.textOf(leaf, row), raw: this.rawValue(leaf, row), kind };
  }

  /** Checks that items of an extension belong to items of the array that it extends. */
  private parents({ index, parent, table }: DocumentTableShape): void {
    const rows = this.rows[index] ?? [];
    if (parent === null || rows.length === 0) return;
    const shape = mustExist(this.plans.shape.tables[parent], 'the table that rows belong to');
    const keyOf = ({ ordinals }: RowDraft) => ordinals.slice(0, shape.depth).join();
    const known = new Set((this.rows[parent] ?? []).map(keyOf));
    for (const row of rows) {
      if (known.has(keyOf(row))) continue;
      const text = `extends an element of ${shape.table.jsonScope.canonical} that the document does not have`;
      this.report('DOCUMENT_VALUE_INVALID', row.place, text, { table: table.table.name });
    }
  }

  identities(): (SoughtIdentity & Pick<CheckedDocument, 'superclass'>) | null {
    const [row] = this.rows[0] ?? [];
    if (!row) return null;
    const sought = ({ block, parts }: IdentitySource): SoughtIdentity => ({
      referentialId: referentialIdOfText(this.identityText(parts, row)),
      resource: block,
      identity: () => {
        const leaves = parts.filter((part) => typeof part !== 'string');
        return block.identityElements.map(({ identityJsonPath: { canonical } }, index) =>
          this.identityValue(canonical, mustExist(leaves[index], `the value of ${canonical}`), row),
        );
      },
    });
    const { own, superclass } = ownIdentity(this.plans);
    return { ...sought(own), superclass: superclass && sought(superclass) };
  }
}

function nestsDeeper(value: JsonValue, limit: number): boolean {
  if (isJsonArray(value)) {
    if (limit <= 0) return true;
    for (const element of value) if (nestsDeeper(element, limit - 1)) return true;
  } else if (isJsonObject(value)) {
    if (limit <= 0) return true;
    for (const member of value.values()) if (nestsDeeper(member, limit - 1)) return true;
  }
  return false;
}

/**
 * The diagnostics of {@link checkDocument}, without computing the identities that a write needs. Throws
 * `DOCUMENT_RESOURCE_UNKNOWN`.
 */
export function documentDiagnostics(
  all: DocumentPlans,
  resource: QualifiedResourceName,
  document: JsonValue,
): readonly Diagnostic[] {
  const check = new DocumentCheck(all, all.of(resource), {});
  check.check(document);
  return check.diagnostics;
}

/**
 * The referential id of a document, the same one that its trigger writes (design 14 §2). Throws the diagnostics of its
 * check.
 */
export function referentialIdOf(all: DocumentPlans, resource: QualifiedResourceName, document: JsonValue): string {
  const result = checkDocument(all, resource, document);
  if (result.document) return result.document.referentialId;
  failIfAny(result.diagnostics);
  throw new Error('a document that fits the model was not made');
}
