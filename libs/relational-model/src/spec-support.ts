import { buildEffectiveSchema, type EffectiveSchemaSet, effectiveSchemaOf } from '@dms/api-schema';
import { isJsonObject, type JsonObject, toJsonValue } from '@dms/canonical-json';
import { type Diagnostic, type DiagnosticCode, DmsError } from '@dms/diagnostics';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { expect } from 'vitest';
import { deriveModel } from './derive-model.ts';
import type { ModelDraft } from './draft/model-draft.ts';
import { listResources } from './input/resource-entry.ts';
import type { RelationalModelSet, ResourceModel, ScalarType, Table, TableConstraint } from './model/model.ts';
import { modelViolations } from './model-invariants.spec-support.ts';
import { type Pass, passes } from './passes/index.ts';

/** An ApiSchema document as a plain value. */
export type Document = { readonly [member: string]: unknown };

/** The effective schema set of the documents, with all checks of the files. */
export function schemaSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return buildEffectiveSchema(
    documents.map((document, index) => ({ file: `document-${index}.json`, root: toJsonValue(document) })),
  );
}

/** The same without the checks of the files, for mistakes that only derivation is to find. */
export function uncheckedSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return effectiveSchemaOf(
    '1.0.0',
    documents.map((document) => {
      const root = toJsonValue(document);
      const projectSchema = isJsonObject(root) ? root.get('projectSchema') : undefined;
      if (!isJsonObject(projectSchema)) throw new Error('the document has no projectSchema');
      const text = (member: string) => String(projectSchema.get(member));
      return {
        projectEndpointName: text('projectEndpointName'),
        projectName: text('projectName'),
        projectVersion: text('projectVersion'),
        isExtensionProject: projectSchema.get('isExtensionProject') === true,
        projectSchema,
      };
    }),
  );
}

/** The set with one project's `projectSchema` replaced; its fingerprints and resource keys stay as they were. */
export function withProjectSchema(
  set: EffectiveSchemaSet,
  projectName: string,
  change: (schema: JsonObject) => JsonObject,
): EffectiveSchemaSet {
  return {
    ...set,
    projects: set.projects.map((project) =>
      project.projectName === projectName ? { ...project, projectSchema: change(project.projectSchema) } : project,
    ),
  };
}

/** Derives the model of one dialect and checks every invariant of design 02 §18 that a model shows. */
export function deriveIn(dialect: SqlDialect, ...documents: readonly Document[]): RelationalModelSet {
  const { model } = deriveModel(schemaSet(...documents), dialect);
  expect(modelViolations(model), `invariants of the ${dialect} model`).toEqual([]);
  return model;
}

/** Derives both dialects, checks the invariants of both, and returns the `pgsql` model. */
export function deriveFrom(...documents: readonly Document[]): RelationalModelSet {
  deriveIn('mssql', ...documents);
  return deriveIn('pgsql', ...documents);
}

/** The draft as the given pass finds it. */
export function draftBefore(pass: Pass, ...documents: readonly Document[]): ModelDraft {
  const set = schemaSet(...documents);
  const draft: ModelDraft = {
    set,
    rules: dialectRules.pgsql,
    entries: listResources(set),
    resources: new Map(),
    extensions: [],
    abstracts: new Map(),
    referenceKeys: [],
    fallbacks: [],
    notes: [],
  };
  for (const step of passes) {
    if (step === pass) return draft;
    step(draft);
  }
  throw new Error('no such pass');
}

export function resourceModel(model: RelationalModelSet, label: string): ResourceModel {
  const found = model.resources.find(({ resourceKey }) => `${resourceKey.projectName}:${resourceKey.resourceName}` === label);
  if (!found) throw new Error(`the model has no resource ${label}`);
  return found;
}

/** Qualified names of all tables of a resource, in model order. */
export function tableNames(resource: ResourceModel): string[] {
  return resource.tablesInDependencyOrder.map(({ table: { schema, name } }) => `${schema}.${name}`);
}

/** A table of a resource, or an abstract identity table, by `schema.name`. */
export function table(model: RelationalModelSet, qualifiedName: string): Table {
  const all = [
    ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder),
    ...model.abstractIdentityTables.map((abstract) => abstract.table),
  ];
  const found = all.find(({ table: { schema, name } }) => `${schema}.${name}` === qualifiedName);
  if (!found) {
    const names = all.map(({ table: { schema, name } }) => `${schema}.${name}`);
    throw new Error(`the model has no table ${qualifiedName}; it has ${names.join(', ')}`);
  }
  return found;
}

function typeText(type: ScalarType | null): string {
  if (type === null) return '?';
  if (type.decimal) return `Decimal(${type.decimal.precision},${type.decimal.scale})`;
  return type.maxLength === null ? type.kind : `${type.kind}(${type.maxLength})`;
}

/** `Name Kind Type NULL|NOT NULL path`, as design 02 §17 prints columns; aliases end with their storage. */
export function columnLines({ columns }: Table): string[] {
  return columns.map(({ name, kind, scalarType, isNullable, sourcePath, storage }) => {
    const alias =
      storage.kind === 'Stored'
        ? ''
        : ` = ${storage.canonicalColumn}${storage.presenceColumn === null ? '' : ` if ${storage.presenceColumn}`}`;
    return `${name} ${kind} ${typeText(scalarType)} ${isNullable ? 'NULL' : 'NOT NULL'} ${sourcePath?.canonical ?? '-'}${alias}`;
  });
}

function constraintLine(constraint: TableConstraint): string {
  switch (constraint.kind) {
    case 'Unique':
      return `Unique ${constraint.name} (${constraint.columns.join(', ')})`;
    case 'ForeignKey': {
      const { name, columns, targetTable, targetColumns, onDelete, onUpdate, deferrable } = constraint;
      const target = `${targetTable.schema}.${targetTable.name}(${targetColumns.join(', ')})`;
      return `ForeignKey ${name} (${columns.join(', ')}) → ${target} ${onDelete} / ${onUpdate}${deferrable ? ' deferrable' : ''}`;
    }
    case 'AllOrNoneNullability':
      return `AllOrNone ${constraint.name} fk ${constraint.fkColumn}, dependents (${constraint.dependentColumns.join(', ')})`;
    case 'NullOrTrue':
      return `NullOrTrue ${constraint.name} (${constraint.column})`;
  }
}

/** The constraints as design 02 §17 prints them, a foreign key's actions as `onDelete / onUpdate`. */
export function constraintLines({ constraints }: Table): string[] {
  return constraints.map(constraintLine);
}

/** The whole table as in design 02 §17: name, scope and primary key, columns, constraints. */
export function tableLines(found: Table): string[] {
  const { table: name, jsonScope, key } = found;
  const keyColumns = key.columns.map((column) => column.name).join(', ');
  return [
    `${name.schema}.${name.name} ${jsonScope.canonical} ${key.constraintName} (${keyColumns})`,
    ...columnLines(found),
    ...constraintLines(found),
  ];
}

/** The lines of a text without indentation and alignment, empty ones dropped. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '))
    .filter((line) => line !== '');
}

/** Column names of a table. */
export function columnNames({ columns }: Table): string[] {
  return columns.map(({ name }) => name);
}

/** The constraints of one kind as lines. */
export function constraintsOf(found: Table, kind: 'Unique' | 'ForeignKey' | 'AllOrNone' | 'NullOrTrue'): string[] {
  return constraintLines(found).filter((line) => line.startsWith(`${kind} `));
}

/** What a step reports when it stops; fails when it does not stop. */
export function diagnosticsOf(action: () => unknown): readonly Diagnostic[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics;
    throw error;
  }
  throw new Error('nothing was reported');
}

export interface ExpectedFault {
  readonly code: DiagnosticCode;
  /** `where.resource`; it must also stand in the message. */
  readonly resource?: string;
  /** What the message must name; an inner list must be named in that order. */
  readonly names?: readonly (string | readonly string[])[];
}

/** Where `name` stands in `message` as a whole word or path, not as a part of a longer one; -1 if nowhere. */
function positionOf(message: string, name: string, from = 0): number {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(`(?<![\\w$])${escaped}(?!\\w|\\[|\\.\\w)`, 'u').exec(message.slice(from));
  return match ? match.index + from : -1;
}

/** The message must name this, or all of these in this order. */
export function expectNamed(message: string, name: string | readonly string[]): void {
  let from = 0;
  for (const one of typeof name === 'string' ? [name] : name) {
    const at = positionOf(message, one, from);
    expect(
      at,
      `"${message}" must name ${JSON.stringify(one)}${from > 0 ? ' after the one before' : ''}`,
    ).toBeGreaterThanOrEqual(0);
    from = at + one.length;
  }
}

/** The step must stop with exactly these diagnostics, in this order. */
export function expectFaults(action: () => unknown, ...expected: readonly ExpectedFault[]): void {
  const found = diagnosticsOf(action);
  const facts = found.map(({ code, where }) => ({ code, resource: where.resource }));
  const messages = found.map(({ message }) => message).join('\n');
  expect(facts, messages).toEqual(expected.map(({ code, resource }) => ({ code, resource })));
  found.forEach(({ message }, index) => {
    const { resource, names = [] } = expected[index] ?? {};
    for (const name of resource === undefined ? names : [resource, ...names]) expectNamed(message, name);
  });
}

/** Derivation of the documents must stop with exactly this diagnostic. */
export function expectRejected(documents: readonly Document[], fault: ExpectedFault): void {
  expectFaults(() => deriveModel(schemaSet(...documents), 'pgsql'), fault);
}
