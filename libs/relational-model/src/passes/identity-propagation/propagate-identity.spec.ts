import { type ApiSchemaDocument, buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { toJsonValue } from '@dms/canonical-json';
import { build, hasSharedData, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type DerivedModel, deriveModel } from '../../derive-model.ts';
import type { ModelDraft } from '../../draft/model-draft.ts';
import { listResources } from '../../input/resource-entry.ts';
import type { ForeignKeyConstraint, RelationalModelSet, Table } from '../../model/model.ts';
import { passes } from '../index.ts';
import { identityMutableResources } from './identity-mutable.ts';
import { propagateIdentity } from './propagate-identity.ts';

/** A reference of a test resource; part of the identity and required unless said otherwise. */
interface Reference {
  readonly to: string;
  /** Mapping key, the base name of the reference's columns; the target's name unless given. */
  readonly as: string;
  readonly isIdentity: boolean;
  readonly isRequired: boolean;
  readonly place: 'root' | 'collection' | 'extension';
}

/** A resource `A` has the key `$.aKey`; a member of an abstract resource `X` has the key `$.xKey` in its place. */
interface Resource {
  readonly name: string;
  readonly flag?: boolean;
  readonly isAbstract?: boolean;
  readonly memberOf?: string;
  readonly references?: readonly Reference[];
  /** Paths that must hold the same value. */
  readonly equal?: readonly (readonly [string, string])[];
}

const to = (target: string, as = target): Reference => ({ to: target, as, isIdentity: true, isRequired: true, place: 'root' });
const plain = (target: string, as = target): Reference => ({ ...to(target, as), isIdentity: false });
const optional = (target: string, as = target): Reference => ({ ...plain(target, as), isRequired: false });

const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const keyOf = ({ name, memberOf }: Resource) => `${camel(memberOf ?? name)}Key`;
const objectPath = ({ as, place }: Reference) => {
  const name = `${camel(as)}Reference`;
  if (place === 'collection') return `$.${camel(as)}Items[*].${name}`;
  return place === 'extension' ? `$._ext.more.${name}` : `$.${name}`;
};
const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);

function identityOf(resource: Resource, all: readonly Resource[]): string[] {
  const references = (resource.references ?? []).filter(({ isIdentity }) => isIdentity);
  return [
    ...references.flatMap((reference) => partsOf(reference, all).map(({ path }) => path)),
    `$.${keyOf(resource)}`,
  ];
}

/** The identity of the target and where the reference spells it; a name that occurs twice gets its object in front. */
function partsOf(reference: Reference, all: readonly Resource[]): { identityPath: string; name: string; path: string }[] {
  const target = all.find(({ name }) => name === reference.to) as Resource;
  const paths = identityOf(target, all);
  return paths.map((identityPath) => {
    const isShared = paths.filter((other) => lastName(other) === lastName(identityPath)).length > 1;
    const steps = identityPath.slice(2).replaceAll('Reference', '').split('.');
    const name = isShared ? steps.map((step, index) => (index === 0 ? step : step.charAt(0).toUpperCase() + step.slice(1))).join('') : lastName(identityPath);
    return { identityPath, name, path: `${objectPath(reference)}.${name}` };
  });
}

function schemaOf(reference: Reference, all: readonly Resource[]): build.JsonRecord {
  const parts = partsOf(reference, all);
  return build.object(
    Object.fromEntries(parts.map(({ name }) => [name, build.string()])),
    parts.map(({ name }) => name),
  );
}

function built(resource: Resource, all: readonly Resource[]): build.BuiltResource {
  const references = (resource.references ?? []).filter(({ place }) => place !== 'extension');
  const properties = references.map((reference): [string, build.JsonRecord] => {
    const name = `${camel(reference.as)}Reference`;
    const schema = schemaOf(reference, all);
    if (reference.place === 'root') return [name, schema];
    return [`${camel(reference.as)}Items`, build.array(build.object({ [name]: schema }, [name]))];
  });
  const key = keyOf(resource);
  return build.resource(resource.name, {
    allowIdentityUpdates: resource.flag ?? false,
    identityJsonPaths: identityOf(resource, all),
    documentPathsMapping: mappingOf(references, all),
    equalityConstraints: (resource.equal ?? []).map(([sourceJsonPath, targetJsonPath]) => ({ sourceJsonPath, targetJsonPath })),
    jsonSchemaForInsert: build.object({ ...Object.fromEntries(properties), [key]: build.string() }, [
      key,
      ...references.filter(({ place, isRequired }) => place === 'root' && isRequired).map(({ as }) => `${camel(as)}Reference`),
    ]),
    ...(resource.memberOf === undefined
      ? {}
      : { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: resource.memberOf }),
  });
}

function mappingOf(references: readonly Reference[], all: readonly Resource[]): build.JsonRecord {
  return Object.fromEntries(
    references.map((reference) => [
      reference.as,
      build.reference(
        `Core:${reference.to}`,
        partsOf(reference, all).map(({ identityPath, path }) => [identityPath, path] as const),
        reference.isRequired,
      ),
    ]),
  );
}

function documentsOf(all: readonly Resource[]): ApiSchemaDocument[] {
  const abstractResources = Object.fromEntries(
    all.filter(({ isAbstract }) => isAbstract).map(({ name }) => [name, { identityJsonPaths: [`$.${camel(name)}Key`] }]),
  );
  const concrete = all.filter(({ isAbstract }) => !isAbstract);
  const core = build.project('Core', concrete.map((resource) => built(resource, all)), { abstractResources });
  const extensions = concrete.flatMap((resource) => {
    const references = (resource.references ?? []).filter(({ place }) => place === 'extension');
    if (references.length === 0) return [];
    const properties = references.map((reference) => [`${camel(reference.as)}Reference`, schemaOf(reference, all)] as const);
    return [
      build.extensionOf(resource.name, {
        documentPathsMapping: mappingOf(references, all),
        jsonSchemaForInsert: build.object({ _ext: build.ext('more', build.object(Object.fromEntries(properties))) }),
      }),
    ];
  });
  const roots = extensions.length === 0 ? [core] : [core, build.project('More', extensions, { isExtension: true })];
  return roots.map((root, index) => ({ file: `${index}.json`, root: toJsonValue(root) }));
}

const tablesOf = (model: RelationalModelSet) => [
  ...model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
  ...model.abstractIdentityTables.map(({ table }) => table),
];

/** Reference keys: they start with the document id column of a reference. */
function referenceKeysOf(model: RelationalModelSet): { table: Table; key: ForeignKeyConstraint }[] {
  return tablesOf(model).flatMap((table) =>
    table.constraints.flatMap((key) => {
      if (key.kind !== 'ForeignKey') return [];
      const first = table.columns.find(({ name }) => name === key.columns[0]);
      return first?.kind === 'DocumentFk' ? [{ table, key }] : [];
    }),
  );
}

/** `{Target}→{Receiver}`, with the base name of the reference where it is not that of the target. */
function edgeName({ table, key }: { table: Table; key: ForeignKeyConstraint }): string {
  const target = key.targetTable.name.replace(/Identity$/, '');
  const base = (key.columns[0] as string).replace(/_DocumentId$/, '');
  return `${target}→${table.table.name}${base === target ? '' : ` as ${base}`}`;
}

/** What becomes of every reference key on SQL Server; keys, fallback list and notes must tell the same. */
function mssqlOutcomes({ model, notes }: DerivedModel): Record<string, string> {
  const keys = referenceKeysOf(model);
  const nameOfKey = new Map(keys.map((edge) => [`FK_${edge.table.table.name}_${(edge.key.columns[0] as string).replace(/_DocumentId$/, '')}_RefKey`, edgeName(edge)]));
  const outcomes = keys.map((edge): [string, string] => {
    const { table, key } = edge;
    const qualified = `${table.table.schema}.${table.table.name}`;
    const fullName = `FK_${table.table.name}_${(key.columns[0] as string).replace(/_DocumentId$/, '')}_RefKey`;
    const own = notes.filter(({ details }) => details.receiver === qualified && details.key === fullName);
    const served = model.propagationFallbacks.filter(
      ({ receiverTable, receiverFkColumn }) =>
        `${receiverTable.schema}.${receiverTable.name}` === qualified && receiverFkColumn === key.columns[0],
    );
    const shape = `${key.columns.length > 1 ? 'composite' : 'reduced'} ${key.onUpdate}, ${served.length} served`;
    expect(key.onDelete).toBe('NoAction');
    expect(key.deferrable).toBe(false);
    const [note, ...others] = own;
    expect(others).toEqual([]);
    if (!note) return [edgeName(edge), shape === 'composite Cascade, 0 served' ? 'cascade' : shape === 'composite NoAction, 0 served' ? 'no action' : shape];
    if (note.code === 'PROPAGATION_COVERED' && shape === 'composite NoAction, 0 served')
      return [edgeName(edge), `covered by ${nameOfKey.get(String(note.details.coveredBy))}`];
    if (note.code === 'PROPAGATION_FALLBACK' && shape === 'reduced NoAction, 1 served')
      return [edgeName(edge), `fallback, ${note.details.reason}`];
    return [edgeName(edge), `${note.code}, but ${shape}`];
  });
  return Object.fromEntries(outcomes);
}

function pgsqlOutcomes({ model, notes }: DerivedModel): Record<string, string> {
  expect(notes).toEqual([]);
  expect(model.propagationFallbacks).toEqual([]);
  return Object.fromEntries(
    referenceKeysOf(model).map((edge) => {
      expect(edge.key.onDelete).toBe('NoAction');
      expect(edge.key.columns.length).toBeGreaterThan(1);
      const action = edge.key.onUpdate === 'Cascade' ? 'cascade' : 'no action';
      return [edgeName(edge), `${action}${edge.key.deferrable ? ', deferrable' : ''}`];
    }),
  );
}

const derived = (all: readonly Resource[], dialect: 'pgsql' | 'mssql') => deriveModel(buildEffectiveSchema(documentsOf(all)), dialect);

const a: Resource = { name: 'A', flag: true };
const b: Resource = { name: 'B', references: [to('A')] };
const x: Resource = { name: 'X', isAbstract: true };
const s: Resource = { name: 'S', flag: true, memberOf: 'X' };

it('row 8', () => {
  const unified = [['$.sReference.xKey', '$.xReference.xKey']] as const;
  for (const references of [[to('S'), to('X')], [to('S'), optional('X')], [optional('S'), to('X')], [optional('S'), optional('X')]]) {
    const all = [x, s, { name: 'R', references, equal: unified }];
    console.log(mssqlOutcomes(derived(all, 'mssql')), pgsqlOutcomes(derived(all, 'pgsql')));
  }
  const rows6 = [[{ name: 'A', flag: true, references: [optional('B')] }, { name: 'B', flag: true, references: [optional('A')] }], [{ name: 'A', flag: true, references: [optional('B')] }, { name: 'B', flag: true, references: [to('A')] }]];
  for (const all of rows6) console.log(mssqlOutcomes(derived(all, 'mssql')), pgsqlOutcomes(derived(all, 'pgsql')));
});
