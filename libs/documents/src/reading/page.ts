import { JsonNumber, type JsonValue } from '@dms/canonical-json';
import type { Connection } from '@dms/databases';
import { fail, nearestName } from '@dms/diagnostics';
import { promised } from '@dms/model';
import { bindPageQuery, type ColumnPredicate, compilePageQuery, type QueryOperator } from '@dms/plans';
import { shown } from '../checking/check-document.ts';
import type { DocumentPlans, ResourcePlans } from '../document-plans.ts';
import type { PageRow } from '../statements/document-statements.ts';
import { planStatement } from '../statements/statement.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { isNumberText } from '../values/decimal-text.ts';
import { storedValue } from '../values/stored-value.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import { documentsOf, inOneMoment } from './read-documents.ts';
import type { StoredDocument } from './stored-document.ts';

/** A condition on a value of the document's top level or of one of its references. */
export interface DocumentFilter {
  /** As the model spells it: `$.schoolReference.schoolId`. */
  readonly path: string;
  /** `Equal` without it. */
  readonly operator?: QueryOperator | undefined;
  /** A descriptor is named by its URI. A string is taken for a number or a boolean where the column wants one. */
  readonly value: JsonValue;
}

export interface Page {
  readonly filters?: readonly DocumentFilter[] | undefined;
  readonly offset?: number | undefined;
  readonly limit: number;
}

/** Which documents of a resource a scan reads. */
export interface Scan {
  /** Document id after which it goes on; the last one read. */
  readonly after?: string | undefined;
  /** Only documents with a greater content version. */
  readonly since?: bigint | undefined;
  readonly limit: number;
}

interface BoundFilter {
  readonly predicate: ColumnPredicate;
  /** Null for a descriptor that is asked for. */
  readonly value: string | boolean | null;
  /** Referential id of a descriptor. */
  readonly descriptor: string | null;
}

/** What a command line gives as text, in the type of the column. */
function typed(value: JsonValue, kind: string): JsonValue {
  if (typeof value !== 'string') return value;
  if (kind === 'Boolean' && (value === 'true' || value === 'false')) return value === 'true';
  const isNumber = kind === 'Int32' || kind === 'Int64' || kind === 'Decimal';
  return isNumber && isNumberText(value) ? new JsonNumber(value) : value;
}

function boundFilter(all: DocumentPlans, { shape, label }: ResourcePlans, filter: DocumentFilter, index: number): BoundFilter {
  const { path, value, operator = 'Equal' } = filter;
  const leaves = shape.tables[0]?.leaves ?? [];
  const leaf = leaves.find((each) => each.path.canonical === path);
  if (!leaf) {
    const { nearest, hint } = nearestName(
      path,
      leaves.map((each) => each.path.canonical),
    );
    const text = `${label} has no value at ${path} that documents can be found by.${hint}`;
    return fail('DOCUMENT_PROPERTY_UNKNOWN', text, { resource: label, path }, { nearest });
  }
  const predicate = {
    column: promised(leaf.columns[0], `the column of ${path}`).name,
    operator,
    parameterName: `filter${index + 1}`,
  };
  const invalid = (fault: string) =>
    fail('DOCUMENT_VALUE_INVALID', `${label} ${path} is compared with ${shown(value)}, which ${fault}.`, {
      resource: label,
      path,
    });
  if (leaf.value === 'descriptor') {
    if (typeof value !== 'string') return invalid('is no URI of a descriptor');
    return { predicate, value: null, descriptor: all.descriptorIds.of(leaf.descriptor, value) };
  }
  const type = operator === 'Like' ? { ...leaf.scalarType, maxLength: null } : leaf.scalarType;
  const conversion = storedValue(typed(value, type.kind), type, all.dialect);
  if (conversion.fault !== undefined) return invalid(conversion.fault);
  return { predicate, value: conversion.value, descriptor: null };
}

/** One page of the documents that all filters hold for, by document id (design 08 §8). */
export async function readPage(
  connection: Connection,
  all: DocumentPlans,
  plans: ResourcePlans,
  { filters = [], offset = 0, limit }: Page,
  uris: DescriptorUris,
): Promise<readonly StoredDocument[]> {
  const { dialect } = connection;
  const statements = documentStatements[dialect];
  const bound = filters.map((filter, index) => boundFilter(all, plans, filter, index));
  const root = promised(plans.shape.tables[0], 'the root table').table;
  return inOneMoment(connection, async (transaction) => {
    const descriptors = bound.flatMap(({ descriptor }) => descriptor ?? []);
    const rows = descriptors.length === 0 ? [] : (await transaction.ask(statements.findTargets(descriptors))).flat();
    const ids = new Map(rows.map(({ ReferentialId, DocumentId }) => [String(ReferentialId), String(DocumentId)]));
    const values = new Map<string, string | boolean>();
    for (const { predicate, value, descriptor } of bound) {
      const found = descriptor === null ? value : ids.get(descriptor);
      // nothing has a descriptor that is not there
      if (found === undefined || found === null) return [];
      values.set(predicate.parameterName, found);
    }
    const specification = {
      rootTable: root.table,
      predicates: bound.map(({ predicate }) => predicate),
      aliases: new Map(
        root.columns.flatMap(({ name, storage }) =>
          storage.kind === 'UnifiedAlias' ? [[name as string, storage] as const] : [],
        ),
      ),
    };
    const { page } = bindPageQuery(compilePageQuery(dialect, specification), values, { offset, limit });
    if (page === null) return [];
    const bindings = new Map(page.values.map(({ parameterName, value }) => [parameterName, value]));
    const columns = new Map(root.columns.map((column) => [column.name as string, column]));
    const filterOf = new Map(
      bound.map(({ predicate: { column, operator, parameterName } }) => [
        parameterName,
        { column: promised(columns.get(column), `the column ${column}`), operator },
      ]),
    );
    const statement = planStatement<string>(
      (placeholder) => compilePageQuery(dialect, { ...specification, placeholder }).pageDocumentIdSql,
      (name) => {
        const filter = filterOf.get(name);
        const bindingValue = bindings.get(name) ?? null;
        if (typeof bindingValue === 'number') return statements.countParameter(bindingValue);
        const { column, operator } = promised(filter, `the filter ${name}`);
        return statements.filterParameter(root, column, operator, bindingValue);
      },
      true,
    );
    const documentIds = (await transaction.ask([statement])).flat().map(({ DocumentId }) => String(DocumentId));
    if (documentIds.length === 0) return [];
    const found = (await transaction.ask(statements.documentsById(documentIds))).flat() as unknown as PageRow[];
    const byId = new Map(found.map((row) => [String(row.DocumentId), row]));
    const inOrder = documentIds.flatMap((id) => byId.get(id) ?? []);
    return documentsOf(transaction, { plans, rows: inOrder, uris, isLast: true });
  });
}

/**
 * The next documents of a resource, by document id: a walk over all of them, whatever is written meanwhile. Such a walk comes upon most
 * descriptors, so the first page brings the URIs of all of them where they are to be remembered.
 */
export async function scanDocuments(
  connection: Connection,
  plans: ResourcePlans,
  { after = '0', since = -1n, limit }: Scan,
  uris: DescriptorUris,
  remembersUris: boolean,
): Promise<readonly StoredDocument[]> {
  const statements = documentStatements[connection.dialect];
  return inOneMoment(connection, async (transaction) => {
    const scan = statements.scanDocuments({ resourceKeyId: plans.resourceKey.id, after, since: String(since), limit });
    const preloads = remembersUris && uris.areUnasked;
    const [rows = [], all] = await transaction.ask(preloads ? [scan, statements.descriptorUris(uris.limit)] : [scan]);
    if (all) uris.rememberAll(all);
    return documentsOf(transaction, { plans, rows: rows as unknown as PageRow[], uris, isLast: true });
  });
}
