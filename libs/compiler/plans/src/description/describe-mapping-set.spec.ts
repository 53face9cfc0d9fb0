import { arrayDepth, type MappingVersion, mappingVersions, resourceLabel } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { qualified } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, type Document, ownSchema, schemaSetOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileMappingSet, compilePageQuery, mappingSetDescription, queryAliases } from '../index.ts';
import type { MappingSet } from '../mapping-set.ts';
import { coreStatementNames } from './core-statements.ts';
import type { MappingSetDescription } from './description.ts';

/* The description that a program needs besides the plans (design 08 §11.6). */

const described = (mappingSet: MappingSet): MappingSetDescription => {
  const description = mappingSetDescription(mappingSet);
  if (description === null) throw new Error('a compiled mapping set has a description');
  return description;
};

const compiled = (dialect: SqlDialect, schemas: readonly Document[], version: MappingVersion) =>
  compileMappingSet(deriveModel(schemaSetOf(version, schemas), dialect).model);

/** The core statements that a generation lacks (design 08 §11.6, 22 §4.6). */
const missingStatements: Readonly<Record<MappingVersion, readonly string[]>> = {
  v1: ['findDescriptors', 'lockDescriptor', 'reserveRowIds', 'deleteDescriptor'],
  v2: ['findDescriptors', 'lockDescriptor', 'stampDescriptor'],
  'v2-natural': ['findIdentity', 'lockByIdentity', 'insertDescriptorIdentity', 'stampDescriptor'],
};

const cases = mappingVersions.flatMap((version) => dialects.map((dialect) => ({ version, dialect })));

describe.each(cases)('the description of $dialect in $version', ({ version, dialect }) => {
  const schemas =
    version === 'v1' ? [ownSchema('campus'), ownSchema('athletics')] : [ownSchema('district'), ownSchema('transport')];
  const mappingSet = compiled(dialect, schemas, version);
  const description = described(mappingSet);
  const resources = mappingSet.model.resources.map((model) => {
    const found = description.resources.get(resourceLabel(model.resourceKey));
    if (!found) throw new Error(`no description of ${resourceLabel(model.resourceKey)}`);
    return { model, found };
  });

  it('has the page query of each field in parts', () => {
    const { selectIds, selectCount, where, and, end, after, orderAndPage } = description.pageTemplate;
    let count = 0;
    for (const { model, found } of resources) {
      const [root] = model.tablesInDependencyOrder;
      expect(found.page === null).toBe(root === undefined);
      if (!root || !found.page) continue;
      const { from, fields } = found.page;
      expect(compilePageQuery(dialect, { rootTable: root.table, predicates: [] }).pageDocumentIdSql).toBe(
        selectIds + from + orderAndPage,
      );
      for (const { column, parameterName, predicate, path } of fields) {
        const kind = root.columns.find(({ name }) => name === column);
        const scalarKind = version === 'v2' && kind?.kind === 'Scalar' ? (kind.scalarType?.kind ?? null) : null;
        const predicates = [{ column, operator: 'Equal', parameterName, scalarKind }] as const;
        const query = compilePageQuery(dialect, {
          rootTable: root.table,
          predicates,
          aliases: queryAliases(root),
          includeTotalCount: true,
        });
        expect(query.pageDocumentIdSql, path).toBe(selectIds + from + where + predicate + end + orderAndPage);
        expect(query.totalCountSql, path).toBe(`${selectCount}${from}${where}${predicate}${end};\n`);
        count += 1;
      }
      const names = fields.map(({ parameterName }) => parameterName.toLowerCase());
      expect(new Set([...names, 'after', 'offset', 'limit']).size).toBe(names.length + 3);
    }
    expect(count).toBeGreaterThan(20);
    const quote = dialect === 'pgsql' ? '"' : '[';
    expect(after.startsWith(`r.${quote}DocumentId`)).toBe(true);
    expect(`${where}a = @a${and}b = @b${end}`).toBe('WHERE\n    (a = @a)\n    AND (b = @b)\n');
  });

  it('says of each reference, identity and descriptor which constraint is about it', () => {
    for (const { model, found } of resources) {
      const meanings = found.tables.flatMap(({ constraints }) => constraints);
      const pathsOf = (meaning: string) =>
        new Set(meanings.filter((each) => each.meaning === meaning).flatMap(({ paths }) => paths));
      const label = resourceLabel(model.resourceKey);
      expect(pathsOf('reference'), label).toEqual(
        new Set(model.documentReferenceBindings.map(({ referenceObjectPath }) => referenceObjectPath.canonical)),
      );
      expect(pathsOf('descriptor'), label).toEqual(
        new Set(model.descriptorEdgeSources.map(({ descriptorValuePath }) => descriptorValuePath.canonical)),
      );
      expect(pathsOf('identity'), label).toEqual(
        new Set(model.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical)),
      );
      const known = new Set(
        model.tablesInDependencyOrder.flatMap(({ constraints }) => constraints.map(({ name }) => `${name}`)),
      );
      for (const { name, paths } of meanings) {
        expect(known.has(name), name).toBe(true);
        expect(paths.length, name).toBeGreaterThan(0);
      }
    }
  });

  it('has the parent of each table but the root, which encloses it', () => {
    for (const { model, found } of resources) {
      const depths = new Map(
        model.tablesInDependencyOrder.map(({ table, jsonScope }) => [qualified(table), arrayDepth(jsonScope)]),
      );
      model.tablesInDependencyOrder.forEach(({ table, jsonScope, identity }, index) => {
        const { parentTable, parentLocator } = found.tables[index] ?? {};
        expect(parentTable === null, qualified(table)).toBe(identity.tableKind === 'Root');
        if (!parentTable) return;
        const isElement = jsonScope.canonical.endsWith('[*]');
        expect(depths.get(qualified(parentTable)), qualified(table)).toBe(arrayDepth(jsonScope) - (isElement ? 1 : 0));
        // the locator has one column for each column of the parent's row identity
        const parent = model.tablesInDependencyOrder.find((each) => qualified(each.table) === qualified(parentTable));
        expect(parentLocator?.length, qualified(table)).toBe(parent?.identity.rowIdentity.length);
      });
    }
  });

  it('has the statements of the generation, with their parameters', () => {
    const { coreStatements } = description;
    expect(coreStatements.map(({ name }) => name)).toEqual(
      coreStatementNames.filter((name) => !missingStatements[version].includes(name)),
    );
    for (const { name, sql, parameters } of coreStatements) {
      expect(new Set(parameters), name).toEqual(new Set([...sql.matchAll(/@(\w+)/g)].map(([, each]) => each)));
      expect(sql, name).toMatch(/[^;];$/);
      expect(sql, name).toContain(dialect === 'pgsql' ? '"' : '[');
    }
    const insert = coreStatements.find(({ name }) => name === 'insertDescriptor');
    expect(insert?.parameters.includes('resourceKeyId')).toBe(version !== 'v1');
    for (const { model, found } of resources)
      expect(found.deleteRootSql === null).toBe(version === 'v1' || model.tablesInDependencyOrder.length === 0);
  });
});

const { integer, object, project, reference, resource, string } = build;

describe('the identity of a target in a reference', () => {
  const schema = project('Turned', [
    resource('Target', {
      identityJsonPaths: ['$.b', '$.a'],
      jsonSchemaForInsert: object({ a: integer(), b: string(20) }, ['a', 'b']),
    }),
    resource('Pointer', {
      identityJsonPaths: ['$.key'],
      documentPathsMapping: {
        Target: reference('Turned:Target', [
          ['$.a', '$.targetReference.a'],
          ['$.b', '$.targetReference.b'],
        ]),
      },
      jsonSchemaForInsert: object(
        { key: integer(), targetReference: object({ a: integer(), b: string(20) }, ['a', 'b']) },
        ['key', 'targetReference'],
      ),
    }),
  ]);

  it.each(mappingVersions)('has the order of the target, whatever the order of the file (%s)', (mappingVersion) => {
    const { resources } = described(compiled('pgsql', [schema], mappingVersion));
    const target = resources.get('Turned:Target')?.identities[0]?.parts;
    expect(target).toEqual([
      { path: '$.b', form: 'text' },
      { path: '$.a', form: 'integer' },
    ]);
    expect(resources.get('Turned:Pointer')?.references[0]?.identity).toEqual([
      { path: '$.b', form: 'text', referencePath: '$.targetReference.b' },
      { path: '$.a', form: 'integer', referencePath: '$.targetReference.a' },
    ]);
  });
});
