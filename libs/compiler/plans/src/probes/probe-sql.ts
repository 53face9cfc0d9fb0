import { resourceLabel } from '@dms/api-schema';
import {
  core,
  descriptorLengths,
  type ModelContent,
  modelIndex,
  mustExist,
  type QualifiedResourceName,
  type ResourceModel,
} from '@dms/model';
import { empty, group, isEmpty, join, joined, type LogicalType, type PlainSql, textOf, trusted } from '@dms/sql';
import { type PlanDialect, planDialects, type SentType } from '../plan-dialect.ts';
import { descriptorProbe, type ProbedModel } from './compile-probes.ts';
import type {
  NaturalKeyProbes,
  NaturalKeyProbeTarget,
  OwnNaturalKeyProbe,
  ProbeKeyColumn,
  ValueBinding,
} from './probe.ts';

/* The statements of probes (design 22 §4.2). Their text does not depend on the number of keys. */

/**
 * Finds the targets of references: for each sent key its ordinal, the document and, of an abstract target, the resource
 * key of its member.
 */
export interface TargetProbeStatement {
  readonly probe: NaturalKeyProbeTarget;
  readonly findSql: string;
}

/** A parameter of a statement that finds a document by its values alone: the paths of its value in the document. */
export interface CaptureParameter {
  readonly name: string;
  readonly paths: readonly string[];
  readonly binding: ValueBinding;
}

/** Finds documents by their own identity. */
export interface OwnProbeStatements {
  readonly probe: OwnNaturalKeyProbe;
  /** For each sent key its ordinal and the document; references and descriptors are sent as document ids. */
  readonly findSql: string;
  /** The same, with a lock on the rows of the documents. */
  readonly lockSql: string;
  /** Finds one document by the values of the document alone. */
  readonly captureSql: string;
  readonly captureParameters: readonly CaptureParameter[];
}

export interface NaturalKeyStatements {
  readonly target: TargetProbeStatement | null;
  readonly own: OwnProbeStatements | null;
}

/** The columns of a document in the results of core statements and own probes. */
export const documentColumns = ['DocumentId', 'DocumentUuid', 'ResourceKeyId', 'ContentVersion'] as const;

/** The select list with these columns of the row `d`. */
export const documentList = ({ sql, text }: PlanDialect): PlainSql =>
  sql`d."DocumentId", ${text(sql`d."DocumentUuid"`, 'uuid')} AS "DocumentUuid", d."ResourceKeyId", d."ContentVersion"`;

const documentId: LogicalType = { kind: 'Int64', maxLength: null, decimal: null };

/** The type of the column `Uri` of `dms.Descriptor`. */
export const uriType: LogicalType = { kind: 'String', maxLength: descriptorLengths.uri, decimal: null };

const keyName = (index: number) => `k${index}`;

/** The condition that a row of `dms.Descriptor` has this URI, ignoring case, and this resource key. */
export function isDescriptor(dialect: PlanDialect, row: PlainSql, uri: PlainSql, resourceKeyId: PlainSql): PlainSql {
  const { name, sql, id, folded } = dialect;
  const { uriColumn, uriLoweredColumn, resourceKeyIdColumn } = descriptorProbe(name);
  const stored = uriLoweredColumn === null ? folded(sql`${row}.${id(uriColumn)}`) : sql`${row}.${id(uriLoweredColumn)}`;
  return sql`${stored} = ${folded(uri)} AND ${row}.${id(resourceKeyIdColumn)} = ${resourceKeyId}`;
}

/** The join of sent keys with the descriptors of a URI and a resource key. */
export const descriptorJoin = (dialect: PlanDialect, row: PlainSql, uri: PlainSql, resourceKeyId: PlainSql): PlainSql =>
  dialect.sql`INNER JOIN ${dialect.aliased(core.descriptor, row)} ON ${isDescriptor(dialect, row, uri, resourceKeyId)}`;

/** The operand on the right of a comparison with a column: texts are compared in the collation of keys. */
const operand = ({ collated }: PlanDialect, type: SentType, value: PlainSql): PlainSql =>
  type !== 'smallint' && type.kind === 'String' ? collated(value) : value;

/** The type of a sent value; a descriptor is sent as its URI. */
const valueType = (binding: ValueBinding): LogicalType => (binding.kind === 'scalar' ? binding.scalarType : uriType);

/** The lines of a statement, which ends with a semicolon and no line break. */
const statementText = (...lines: readonly PlainSql[]): string =>
  `${textOf(joined(group(...lines.filter((line) => !isEmpty(line)))))};`;

interface ProbeContext {
  readonly dialect: PlanDialect;
  readonly probes: ReadonlyMap<string, NaturalKeyProbes>;
  resource(name: QualifiedResourceName): ResourceModel;
}

/**
 * The statements of all probes of a model, by `Project:Resource`.
 *
 * @param probes of the same model, for all of its resources with tables
 */
export function compileProbeStatements(
  model: ProbedModel & Pick<ModelContent, 'dialect'>,
  probes: ReadonlyMap<string, NaturalKeyProbes>,
): ReadonlyMap<string, NaturalKeyStatements> {
  const { resources } = modelIndex(model);
  const context: ProbeContext = {
    dialect: planDialects[model.dialect],
    probes,
    resource: (name) => mustExist(resources.get(resourceLabel(name)), `the resource ${resourceLabel(name)}`),
  };
  return new Map(
    [...probes].map(([label, { target, own }]) => [
      label,
      { target: target && targetStatement(context, target), own: own && ownStatements(context, own) },
    ]),
  );
}

/** The resource key of a concrete resource as a literal. */
const resourceKeyOf = ({ dialect, resource }: ProbeContext, name: QualifiedResourceName): PlainSql =>
  dialect.literal(resource(name).resourceKey.id);

function targetStatement(context: ProbeContext, probe: NaturalKeyProbeTarget): TargetProbeStatement {
  const { dialect } = context;
  const { sql, id, sentName } = dialect;
  const { keyColumns, table, documentIdColumn, resourceKeyIdColumn } = probe;
  const row = sql`t`;
  const selected = [documentIdColumn, ...(resourceKeyIdColumn === null ? [] : [resourceKeyIdColumn])];
  const descriptors = keyColumns.flatMap(({ binding }, index) =>
    binding.kind === 'descriptor'
      ? descriptorJoin(
          dialect,
          descriptorRow(index),
          sentName(keyName(index)),
          resourceKeyOf(context, binding.descriptorResource),
        )
      : [],
  );
  const conditions = keyColumns.map(({ column, binding }, index) => {
    const value =
      binding.kind === 'descriptor'
        ? sql`${descriptorRow(index)}."DocumentId"`
        : operand(dialect, binding.scalarType, sentName(keyName(index)));
    return sql`${row}.${id(column)} = ${value}`;
  });
  return {
    probe,
    findSql: statementText(
      sql`SELECT ${sentName('o')} AS "Ordinal", ${join(selected.map((name) => sql`${row}.${id(name)}`))}`,
      sql`FROM ${sentKeys(dialect, keyColumns, ({ binding }) => valueType(binding))}`,
      ...descriptors,
      sql`INNER JOIN ${dialect.aliased(table, row)} ON ${join(conditions, ' AND ')}`,
      dialect.inOrderOfText,
    ),
  };
}

const descriptorRow = (index: number): PlainSql => trusted(`d${index}`);

const sentKeys = <Key>(dialect: PlanDialect, columns: readonly Key[], typeOf: (column: Key) => SentType): PlainSql =>
  dialect.sentKeys(columns.map((column, index) => [keyName(index), typeOf(column)]));

function ownStatements(context: ProbeContext, probe: OwnNaturalKeyProbe): OwnProbeStatements {
  const { dialect } = context;
  const { sql, id, sentName, rowLock } = dialect;
  const { keyColumns, rootTable, documentIdColumn, resource } = probe;
  const row = sql`r`;
  const document = sql`d`;
  const resourceKeyId = resourceKeyOf(context, resource);
  const flatType = ({ binding }: ProbeKeyColumn) => (binding.kind === 'scalar' ? binding.scalarType : documentId);
  const conditions = keyColumns.map(
    (column, index) =>
      sql`${row}.${id(column.column)} = ${operand(dialect, flatType(column), sentName(keyName(index)))}`,
  );
  const flat = (hint: PlainSql, ...clauses: readonly PlainSql[]) =>
    statementText(
      sql`SELECT ${sentName('o')} AS "Ordinal", ${documentList(dialect)}`,
      sql`FROM ${sentKeys(dialect, keyColumns, flatType)}`,
      sql`INNER JOIN ${dialect.aliased(rootTable, row)} ON ${join(conditions, ' AND ')}`,
      sql`INNER JOIN ${dialect.aliased(core.document, document)}${hint} ON ${document}."DocumentId" = ${row}.${id(documentIdColumn)} AND ${document}."ResourceKeyId" = ${resourceKeyId}`,
      ...clauses,
      dialect.inOrderOfText,
    );
  const capture = captured(context, probe);
  return {
    probe,
    findSql: flat(empty),
    lockSql: flat(rowLock.hint, dialect.lockOrder(document), rowLock.clause(document)),
    captureSql: statementText(
      sql`SELECT ${documentList(dialect)}`,
      sql`FROM ${dialect.aliased(core.document, document)}`,
      sql`WHERE ${document}."DocumentId" = ${capture.id} AND ${document}."ResourceKeyId" = ${resourceKeyId}`,
    ),
    captureParameters: capture.parameters,
  };
}

/** The id of the document with the values of the parameters, as an expression; NULL if a target is missing. */
function captured(
  context: ProbeContext,
  { keyColumns, rootTable, documentIdColumn, resource }: OwnNaturalKeyProbe,
): { readonly id: PlainSql; readonly parameters: readonly CaptureParameter[] } {
  const { dialect, probes } = context;
  const { sql, id } = dialect;
  const { documentReferenceBindings } = context.resource(resource);
  const parameters: CaptureParameter[] = [];
  const valueParameter = (binding: ValueBinding, paths: readonly string[]): PlainSql => {
    const name = keyName(parameters.length);
    parameters.push({ name, paths, binding });
    const type = valueType(binding);
    const value = dialect.typedParameter(name, type);
    if (binding.kind === 'scalar') return operand(dialect, type, value);
    const row = sql`x`;
    const resourceKeyId = resourceKeyOf(context, binding.descriptorResource);
    return sql`(SELECT ${row}."DocumentId" FROM ${dialect.aliased(core.descriptor, row)} WHERE ${isDescriptor(dialect, row, value, resourceKeyId)})`;
  };
  const targetOf = (bindingIndex: number): PlainSql => {
    const reference = mustExist(documentReferenceBindings[bindingIndex], `the reference ${bindingIndex}`);
    const label = resourceLabel(reference.targetResource);
    const target = mustExist(probes.get(label)?.target, `the target probe of ${label}`);
    const row = sql`t`;
    const conditions = target.keyColumns.map(({ column, identityJsonPaths, binding }) => {
      const identity = new Set(identityJsonPaths.map(({ canonical }) => canonical));
      const paths = reference.identityBindings.flatMap(({ identityJsonPath, referenceJsonPath }) =>
        identity.has(identityJsonPath.canonical) ? [referenceJsonPath.canonical] : [],
      );
      mustExist(paths[0], `the value of the reference to ${label} for ${column}`);
      return sql`${row}.${id(column)} = ${valueParameter(binding, [...new Set(paths)])}`;
    });
    return sql`(SELECT ${row}.${id(target.documentIdColumn)} FROM ${dialect.aliased(target.table, row)} WHERE ${join(conditions, ' AND ')})`;
  };
  const row = sql`r`;
  const conditions = keyColumns.map(({ column, identityJsonPaths, binding }) => {
    const paths = identityJsonPaths.map(({ canonical }) => canonical);
    const value =
      binding.kind === 'documentReference' ? targetOf(binding.bindingIndex) : valueParameter(binding, paths);
    return sql`${row}.${id(column)} = ${value}`;
  });
  return {
    id: sql`(SELECT ${row}.${id(documentIdColumn)} FROM ${dialect.aliased(rootTable, row)} WHERE ${join(conditions, ' AND ')})`,
    parameters,
  };
}
