import { resourceLabel } from '@dms/api-schema';
import { query, type Row, type Statement } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import { core, descriptorLengths, modelIndex, mustExist } from '@dms/model';
import {
  type CaptureParameter,
  documentRulesOf,
  mappingSetDescription,
  type NaturalKeyStatements,
  type OwnProbeStatements,
  type ProbeBinding,
  type ProbeKeyColumn,
} from '@dms/plans';
import { dialectOf, join, type Sql, type SqlDialect, trusted, value } from '@dms/sql';
import { cachedByObject, groupBy } from '@dms/values';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { SoughtIdentity } from '../identity/referential-id.ts';
import { cachedByResource, type DocumentPlans, type ResourcePlans } from '../resource-plans.ts';
import type { DocumentRow, FoundIdentity, IdentityStatements } from '../statements/identity-statements.ts';
import { coreTypes, lockAndSelect, selecting } from '../statements/mssql-lists.ts';
import { documentColumns as mssqlColumns } from '../statements/mssql-statements.ts';
import { among, arrayText, documentColumns as pgsqlColumns } from '../statements/pgsql-statements.ts';
import type { IdentityLookup } from '../statements/statement.ts';
import { storedEnd } from '../values/dates-and-times.ts';
import type { StoredValue } from '../values/stored-value.ts';
import { valueLimits } from '../values/value-kinds.ts';

/*
 * Documents are found by the keys of their tables, with the statements of the plans (design 22 §4.2). Equal keys are
 * sent once; answers name keys by their ordinals.
 */

/** The values of a key in the order of its columns. */
export type SentKey = readonly Exclude<StoredValue, null>[];

/** How values are sent to a statement of a plan, by the names of its parameters. */
interface SentValues {
  /** Many keys, with their ordinals. */
  keys(keys: readonly SentKey[]): (name: string) => Sql;
  /** One value. */
  one(sent: Exclude<StoredValue, null>, { binding }: CaptureParameter): Sql;
  lockByUuid(uuids: readonly string[]): readonly Statement[];
  documentsByUuid(uuids: readonly string[]): readonly Statement[];
}

const { sql: pg } = dialectOf.pgsql;
const { sql: ms } = dialectOf.mssql;

const byUuid = pg`SELECT ${pgsqlColumns} FROM ${core.document} d WHERE d."DocumentUuid" IN`;

const asText = (sent: unknown): Sql => pg`${value(sent)}::text`;

export const sentValues: Readonly<Record<SqlDialect, SentValues>> = {
  pgsql: {
    // sent as text, because clients treat arrays differently
    keys: (keys) => (name) =>
      asText(
        arrayText(
          name === 'ordinals'
            ? keys.map((_, ordinal) => String(ordinal))
            : keys.map((key) => key[Number(name.slice(1))] ?? null),
        ),
      ),
    one: (sent) => asText(String(sent)),
    lockByUuid: (uuids) => [
      query(pg`${byUuid} ${among(uuids, 'uuid')} ORDER BY d."DocumentId" FOR NO KEY UPDATE OF d`),
    ],
    documentsByUuid: (uuids) => [query(pg`${byUuid} ${among(uuids, 'uuid')}`)],
  },
  mssql: {
    keys: (keys) => () =>
      value(
        JSON.stringify(
          keys.map((key, o) => ({ o, ...Object.fromEntries(key.map((sent, index) => [`k${index}`, sent])) })),
        ),
        'nvarchar(max)',
      ),
    one: (sent, { binding }) =>
      value(
        sent,
        binding.kind === 'scalar' ? dialectOf.mssql.typeName(binding.scalarType) : `nvarchar(${descriptorLengths.uri})`,
      ),
    lockByUuid: (uuids) =>
      lockAndSelect(
        {
          select: ms`SELECT "DocumentId" FROM ${core.document} WHERE "DocumentUuid"`,
          values: uuids,
          type: coreTypes.uuid,
        },
        (ids) =>
          ms`SELECT ${mssqlColumns} FROM ${ids} o INNER JOIN ${core.document} d ON d."DocumentId" = o."DocumentId" ORDER BY d."DocumentId";`,
      ),
    documentsByUuid: (uuids) =>
      selecting(ms`SELECT ${mssqlColumns} FROM ${core.document} d WHERE d."DocumentUuid"`, uuids, coreTypes.uuid),
  },
};

/** A statement of a plan with its values. */
export const bound = (text: string, parameterOf: (name: string) => Sql): Statement =>
  query(
    join(
      text.split(/@(\w+)/).map((part, index) => (index % 2 === 0 ? trusted(part) : parameterOf(part))),
      '',
    ),
  );

/** A statement, the resource of its keys, and the requests of each key by its ordinal. */
interface Sent<Asked> {
  readonly resource: string;
  readonly statement: Statement;
  readonly asked: readonly (readonly Asked[])[];
  /** Whether a row is one that the key may find. */
  accepts?(row: Row): boolean;
}

/** Sends each key once. */
export function sentOnce<Asked>(
  resource: string,
  keyed: readonly { readonly key: SentKey; readonly asked: Asked }[],
  statementOf: (keys: readonly SentKey[]) => Statement,
): Sent<Asked>[] {
  if (keyed.length === 0) return [];
  const byKey = [...groupBy(keyed, ({ key }) => JSON.stringify(key)).values()];
  const keys = byKey.flatMap(([first]) => (first ? [first.key] : []));
  return [{ resource, statement: statementOf(keys), asked: byKey.map((same) => same.map(({ asked }) => asked)) }];
}

/** A request whose key finds a document, and the row of the document. */
interface KeyMatch<Asked> {
  readonly asked: Asked;
  readonly row: Row;
}

/** The requests whose keys find a document. Throws `DOCUMENT_KEY_AMBIGUOUS`. */
function matchesIn<Asked>(sent: readonly Sent<Asked>[], answers: readonly (readonly Row[])[]): KeyMatch<Asked>[] {
  return sent.flatMap(({ resource, asked, accepts = () => true }, index) => {
    const rows = new Map<number, Row>();
    for (const row of answers[index] ?? []) {
      if (!accepts(row)) continue;
      const ordinal = Number(row.Ordinal ?? 0);
      const other = rows.get(ordinal);
      if (other) ambiguous(resource, [other, row]);
      rows.set(ordinal, row);
    }
    return [...rows].flatMap(([ordinal, row]) => (asked[ordinal] ?? []).map((request) => ({ asked: request, row })));
  });
}

function ambiguous(resource: string, rows: readonly Row[]): never {
  const documents = rows.map(({ DocumentId }) => String(DocumentId));
  const text = `${resource}: the documents ${documents.join(' and ')} have the same key; the database is damaged, because a unique key of its table is missing. Find what differs with dms-ddl check.`;
  return fail('DOCUMENT_KEY_AMBIGUOUS', text, { resource }, { resource, documents });
}

/** Sends keys and reads what they find. Its answer throws `DOCUMENT_KEY_AMBIGUOUS`. */
export const lookup = <Asked, Answer>(
  sent: readonly Sent<Asked>[],
  read: (matches: readonly KeyMatch<Asked>[]) => Answer,
): IdentityLookup<Answer> => ({
  statements: sent.map(({ statement }) => statement),
  read: (answers) => read(matchesIn(sent, answers)),
});

const identities = (matches: readonly KeyMatch<{ readonly referentialId: string }>[]) =>
  matches.map(({ asked, row }): FoundIdentity => {
    return { referentialId: asked.referentialId, documentId: String(row.DocumentId) };
  });

/** The value of a column in the form that the database stores; null if no row can have it. */
function sentValue(
  { dialect, version }: DocumentPlans,
  raw: Exclude<StoredValue, null>,
  binding: ProbeBinding,
): Exclude<StoredValue, null> | null {
  if (binding.kind === 'documentReference' || typeof raw !== 'string') return raw;
  const isScalar = binding.kind === 'scalar';
  const most = isScalar ? binding.scalarType.maxLength : descriptorLengths.uri;
  const isText = !isScalar || binding.scalarType.kind === 'String';
  if (isText && most !== null && valueLimits[dialect].textLength(raw) > most) return null;
  if (!isScalar) return raw;
  const { kind } = binding.scalarType;
  const stored = storedEnd(raw, kind, documentRulesOf(version).values.endsOfTime[dialect]);
  return kind === 'DateTime' ? valueLimits[dialect].moment(stored) : stored;
}

/** The value at the paths of a column; null if there is none, or if they have several. */
function valueAt(values: ReadonlyMap<string, Exclude<StoredValue, null>>, paths: readonly string[]) {
  return onlyValue(paths.map((path) => values.get(path)));
}

/** The value that all of these are; null if one is missing or differs. */
function onlyValue<Value>([first, ...others]: readonly (Value | undefined)[]): Value | null {
  return first === undefined || others.some((other) => other !== first) ? null : first;
}

const pathsOf = ({ identityJsonPaths }: ProbeKeyColumn) => identityJsonPaths.map(({ canonical }) => canonical);

/** The values, unless one is null. */
function complete<Value>(values: readonly (Value | null)[]): readonly Value[] | null {
  const present = values.filter((each) => each !== null);
  return present.length === values.length ? present : null;
}

/** Where a document has the values of the columns of its own probe. */
const ownSources = cachedByResource(({ shape: { tables, model } }: ResourcePlans) => {
  const root = mustExist(tables[0], 'the root table');
  const leaves = new Map(root.leaves.map((leaf) => [leaf.path, leaf.slot]));
  const references = new Map(root.references.map(({ binding, index }) => [binding.fkColumn, index]));
  return {
    slot: (path: string) => mustExist(leaves.get(path), `the value of ${path}`),
    reference: (binding: number) => {
      const { fkColumn } = mustExist(model.documentReferenceBindings[binding], `the reference ${binding}`);
      return mustExist(references.get(fkColumn), fkColumn);
    },
  };
});

/** The values of a document for its own probe; null if no document can have them. */
function ownKey(
  all: DocumentPlans,
  { probe }: OwnProbeStatements,
  { plans, rows }: CheckedDocument,
  ids: ReadonlyMap<string, string>,
): SentKey | null {
  const sources = ownSources(plans);
  const row = mustExist(rows[0]?.[0], 'the root row');
  return complete(
    probe.keyColumns.map((column) => {
      const { binding } = column;
      if (binding.kind === 'documentReference')
        return ids.get(row.references[sources.reference(binding.bindingIndex)] ?? '') ?? null;
      const slots = pathsOf(column).map(sources.slot);
      if (binding.kind === 'descriptor') return onlyValue(slots.map((slot) => ids.get(row.descriptors[slot] ?? '')));
      const raw = onlyValue(slots.map((slot) => row.values[slot]));
      return raw === null ? null : sentValue(all, raw, binding);
    }),
  );
}

/** The statements of natural keys. */
interface NaturalKeyLookups extends IdentityStatements {
  /** Those of the documents that exist, each by its values alone. */
  captureOwn(identities: readonly SoughtIdentity[]): IdentityLookup<readonly FoundIdentity[]>;
}

/** The statements of the natural keys of a mapping set. */
export const naturalKeyStatements = cachedByObject((all: DocumentPlans): NaturalKeyLookups => {
  const { dialect, mappingSet } = all;
  const { resources, abstracts } = modelIndex(mappingSet.model);
  const values = sentValues[dialect];
  const description = () => mustExist(mappingSetDescription(mappingSet), 'the description of the mapping set');
  const statementsOf = (label: string): NaturalKeyStatements =>
    mustExist(description().naturalKeys?.byResource.get(label), `the natural key of ${label}`);
  const superclassOf = new Map(
    mappingSet.model.resources.map(({ superclass, resourceKey }) => [
      resourceKey.id,
      superclass ? resourceLabel(superclass.resource) : null,
    ]),
  );
  const many = (text: string) => (keys: readonly SentKey[]) => bound(text, values.keys(keys));

  const descriptors = (sought: readonly SoughtIdentity[]): Sent<SoughtIdentity>[] => {
    const keyed = sought.flatMap((asked) => {
      const label = resourceLabel(asked.resource);
      const uri = asked.identity()[0]?.raw;
      if (uri === undefined || sentValue(all, uri, { kind: 'descriptor', descriptorResource: asked.resource }) === null)
        return [];
      return [{ asked, key: [uri, String(mustExist(mappingSet.resourceKeyIdByResource.get(label), label))] }];
    });
    const text = () =>
      mustExist(
        description().coreStatements.find(({ name }) => name === 'findDescriptors'),
        'findDescriptors',
      ).sql;
    return keyed.length === 0 ? [] : sentOnce('Descriptors', keyed, many(text()));
  };

  const valuesOf = ({ identity }: SoughtIdentity) => new Map(identity().map(({ path, raw }) => [path, raw]));

  const targets = (label: string, sought: readonly SoughtIdentity[]): Sent<SoughtIdentity>[] => {
    const { target } = statementsOf(label);
    // no reference leads to the resource, so a key is sent by itself
    if (target === null) return captures(label, sought);
    const keyed = sought.flatMap((asked) => {
      const given = valuesOf(asked);
      const key = complete(
        target.probe.keyColumns.map((column) => {
          const raw = valueAt(given, pathsOf(column));
          return raw === null ? null : sentValue(all, raw, column.binding);
        }),
      );
      return key === null ? [] : [{ asked, key }];
    });
    const sent = sentOnce(label, keyed, many(target.findSql));
    if (!abstracts.has(label)) return sent;
    const accepts = ({ ResourceKeyId }: Row) => superclassOf.get(Number(ResourceKeyId)) === label;
    return sent.map((statement) => ({ ...statement, accepts }));
  };

  const captures = (label: string, sought: readonly SoughtIdentity[]): Sent<SoughtIdentity>[] => {
    const { captureSql, captureParameters } = mustExist(statementsOf(label).own, `the own key of ${label}`);
    return sought.flatMap((asked) => {
      const given = valuesOf(asked);
      const parameters = complete(
        captureParameters.map((parameter): readonly [string, Sql] | null => {
          const raw = valueAt(given, parameter.paths);
          const sent = raw === null ? null : sentValue(all, raw, parameter.binding);
          return sent === null ? null : [parameter.name, values.one(sent, parameter)];
        }),
      );
      if (parameters === null) return [];
      const byName = new Map(parameters);
      const statement = bound(captureSql, (name) => mustExist(byName.get(name), name));
      return [{ resource: label, statement, asked: [[asked]] }];
    });
  };

  const ownLookups = (
    documents: readonly CheckedDocument[],
    ids: ReadonlyMap<string, string>,
    textOf: (statements: OwnProbeStatements) => string,
  ): Sent<CheckedDocument>[] =>
    [...groupBy(documents, ({ plans }) => plans.label)].flatMap(([label, same]) => {
      const statements = mustExist(statementsOf(label).own, `the own key of ${label}`);
      const keyed = same.flatMap((asked) => {
        const key = ownKey(all, statements, asked, ids);
        return key === null ? [] : [{ asked, key }];
      });
      return sentOnce(label, keyed, many(textOf(statements)));
    });

  return {
    captureOwn: (sought) =>
      lookup(
        sought.flatMap((asked) => captures(resourceLabel(asked.resource), [asked])),
        identities,
      ),
    findTargets: (sought) => {
      const isDescriptor = (label: string) => resources.get(label)?.storageKind === 'SharedDescriptorTable';
      const byLabel = [...groupBy(sought, ({ resource }) => resourceLabel(resource))];
      return lookup(
        [
          ...descriptors(byLabel.flatMap(([label, same]) => (isDescriptor(label) ? same : []))),
          ...byLabel.flatMap(([label, same]) => (isDescriptor(label) ? [] : targets(label, same))),
        ],
        identities,
      );
    },
    findOwn: (documents, ids) =>
      lookup(
        ownLookups(documents, ids, ({ findSql }) => findSql),
        identities,
      ),
    lockOwn: (documents, ids) =>
      ids === null
        ? null
        : lookup(
            ownLookups(documents, ids, ({ lockSql }) => lockSql),
            (matches) => new Map(matches.map(({ asked, row }) => [asked.referentialId, row as unknown as DocumentRow])),
          ),
    lockByUuid: values.lockByUuid,
    documentsByUuid: values.documentsByUuid,
  };
});
