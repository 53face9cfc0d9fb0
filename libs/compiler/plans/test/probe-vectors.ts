import type { JsonPath } from '@dms/api-schema';
import { resourceLabel } from '@dms/api-schema';
import { modelIndex, qualified, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { readSharedJson } from '@dms/testing';
import { compareOrdinal, sha256Hex } from '@dms/values';
import { expect } from 'vitest';
import { compileProbes } from '../src/probes/compile-probes.ts';
import type { NaturalKeyProbes, ProbeBinding, ProbeKeyColumn } from '../src/probes/probe.ts';
import { compileProbeStatements } from '../src/probes/probe-sql.ts';

interface Vectors {
  readonly count: number;
  readonly targets: number;
  readonly sha256: string;
  readonly entries?: readonly unknown[];
  readonly samples?: readonly unknown[];
}

function shownBinding(binding: ProbeBinding, resource: ResourceModel | undefined) {
  switch (binding.kind) {
    case 'scalar': {
      const { kind, maxLength } = binding.scalarType;
      return { kind: 'scalar', scalarType: maxLength === null ? kind : `${kind}(${maxLength})` };
    }
    case 'descriptor':
      return { descriptorResource: resourceLabel(binding.descriptorResource), kind: 'descriptor' };
    case 'documentReference': {
      const reference = resource?.documentReferenceBindings[binding.bindingIndex];
      return {
        bindingIndex: binding.bindingIndex,
        kind: 'documentReference',
        referenceObjectPath: reference?.referenceObjectPath.canonical,
        targetResource: reference && resourceLabel(reference.targetResource),
      };
    }
  }
}

const shownColumns = (columns: readonly ProbeKeyColumn[], resource?: ResourceModel) =>
  columns.map(({ column, identityJsonPaths, binding }) => ({
    binding: shownBinding(binding, resource),
    column,
    identityJsonPaths: identityJsonPaths.map(({ canonical }: JsonPath) => canonical),
  }));

/** The probes of a resource as the vectors have them, with members in the order of their names. */
function shown(label: string, { target, own }: NaturalKeyProbes, resource: ResourceModel | undefined) {
  return {
    own: own && {
      documentIdColumn: own.documentIdColumn,
      keyColumns: shownColumns(own.keyColumns, resource),
      rootTable: qualified(own.rootTable),
    },
    resource: label,
    target: target && {
      documentIdColumn: target.documentIdColumn,
      keyColumns: shownColumns(target.keyColumns),
      kind: target.kind,
      ...(target.resourceKeyIdColumn !== null && { resourceKeyIdColumn: target.resourceKeyIdColumn }),
      table: qualified(target.table),
    },
  };
}

const samplesOf = <Entry>(entries: readonly Entry[]) =>
  Array.from({ length: 60 }, (_, index) => entries[Math.floor((index * entries.length) / 60)]);

/** Expects the probes of the vectors of design 22; the model of `v2` has the same columns and keys. */
export function expectVectorProbes(set: string, model: RelationalModelSet): void {
  const vectors: Vectors = readSharedJson('design', 'vectors', 'natural', `probes.${set}.${model.dialect}.json`);
  const { resources } = modelIndex(model);
  const entries = [...compileProbes(model)]
    .map(([label, probes]) => shown(label, probes, resources.get(label)))
    .sort((a, b) => compareOrdinal(a.resource, b.resource));
  if (vectors.entries) expect(entries).toEqual(vectors.entries);
  else expect(samplesOf(entries)).toEqual(vectors.samples);
  expect(entries).toHaveLength(vectors.count);
  expect(entries.filter(({ target }) => target !== null)).toHaveLength(vectors.targets);
  expect(sha256Hex(JSON.stringify(entries))).toBe(vectors.sha256);
}

/** A statement as the vectors have it: names of the core schema without quotes, numbered parameters, one line. */
function plainStatement(text: string): string {
  const numbers = new Map<string, number>();
  const numbered = text.replaceAll(/@\w+/g, (name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size + 1);
    return `$${numbers.get(name)}`;
  });
  return numbered
    .replaceAll(/\s+/g, ' ')
    .replace(/;$/, '')
    .replaceAll('"dms".', 'dms.')
    .replaceAll('"Ordinal"', 'ordinal');
}

/** The part of a statement after its select list. */
const fromOn = (text: string) => text.slice(text.indexOf(' FROM '));

type VectorStatement = string | { readonly sql: string; readonly parameters: readonly string[] };

/** Expects the statements of the vectors of design 22, which are those of the data standard 5.2. */
export function expectVectorStatements(model: RelationalModelSet): void {
  const vectors: Readonly<Record<string, VectorStatement>> = readSharedJson(
    'design',
    'vectors',
    'natural',
    'statements.pgsql.json',
  );
  const statements = compileProbeStatements(model, compileProbes(model));
  for (const [name, vector] of Object.entries(vectors)) {
    const { target, own } = statements.get(name.slice(name.indexOf(' ') + 1)) ?? {};
    if (typeof vector === 'string') expect(plainStatement(target?.findSql ?? '')).toBe(vector);
    else {
      expect(fromOn(plainStatement(own?.captureSql ?? ''))).toBe(fromOn(vector.sql));
      expect(own?.captureParameters.map(({ paths }) => paths.join())).toEqual(vector.parameters);
    }
  }
}
