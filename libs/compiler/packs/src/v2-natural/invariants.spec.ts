import { everything, modelOf } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectError, type LoosePayload, packOf, payloadBytesOf, seal, takeApart } from '../../test/pack-parts.ts';
import { everythingAsked, secondModelOf } from '../../test/second-generation.ts';
import { readPack } from '../index.ts';

let natural: Uint8Array;
beforeAll(async () => {
  natural = await packOf(secondModelOf(everythingAsked, 'mssql', 'v2-natural'));
});

const resourceOf = (payload: LoosePayload, name: string): LoosePayload =>
  payload.resources.find((each: LoosePayload) => each.resourceName === name);
const targetOf = (payload: LoosePayload, name = 'School') => resourceOf(payload, name).naturalKeyProbeTarget;
const ownOf = (payload: LoosePayload, name = 'School') => resourceOf(payload, name).ownNaturalKeyProbe;
const abstract = (payload: LoosePayload) => payload.resources.find((each: LoosePayload) => each.isAbstractResource);
const abstractTarget = (payload: LoosePayload) => abstract(payload).naturalKeyProbeTarget;
const rootOf = (payload: LoosePayload) => resourceOf(payload, 'School').relationalModel.tablesInDependencyOrder[0];
const boundTo = (kind: string, { resources }: LoosePayload) =>
  resources
    .flatMap(({ ownNaturalKeyProbe: own }: LoosePayload) => own?.keyColumns ?? [])
    .find(({ binding }: LoosePayload) => binding[kind]).binding;
const string = { kind: 4, stringMaxLength: 7 };

/** A violation of each invariant of design 22 §4.7, and the subject of the error. */
const broken: readonly (readonly [string, (payload: LoosePayload) => void, string])[] = [
  ['no probe of descriptors', (p) => delete p.descriptorProbeTarget, 'descriptor_probe_target'],
  ['another probe of descriptors', (p) => delete p.descriptorProbeTarget.uriLoweredColumn, 'descriptor_probe_target'],
  ['no probe of a target', (p) => delete resourceOf(p, 'School').naturalKeyProbeTarget, 'natural_key_probe_target'],
  ['no probe of an abstract target', (p) => delete abstract(p).naturalKeyProbeTarget, 'natural_key_probe_target'],
  ['no own probe', (p) => delete resourceOf(p, 'School').ownNaturalKeyProbe, 'own_natural_key_probe'],
  [
    'the own probe of a descriptor',
    (p) => Object.assign(resourceOf(p, 'KindDescriptor'), { ownNaturalKeyProbe: ownOf(p) }),
    'own_natural_key_probe',
  ],
  ['a probe of another resource', (p) => (ownOf(p).resource = ownOf(p, 'Session').resource), 'own_natural_key_probe'],
  ['a target of another resource', (p) => (targetOf(p).resource = ownOf(p, 'Session').resource), 'target.resource'],
  ['an abstract target that is concrete', (p) => (abstract(p).naturalKeyProbeTarget.kind = 1), 'target.kind'],
  ['a target of no kind', (p) => delete targetOf(p).kind, 'target.kind'],
  [
    'a resource key in a concrete target',
    (p) => (targetOf(p).resourceKeyIdColumn = { value: 'Name' }),
    'resource_key_id_column',
  ],
  ['a probe without columns', (p) => (ownOf(p).keyColumns = []), 'natural_key_probe'],
  ['a target whose columns do not form a key', (p) => targetOf(p, 'Session').keyColumns.pop(), 'natural_key_probe'],
  ['an own probe whose columns do not form a key', (p) => ownOf(p, 'Session').keyColumns.pop(), 'natural_key_probe'],
  [
    'an abstract target to which no foreign key leads',
    (p) => (abstract(p).naturalKeyProbeTarget.keyColumns[0].column.value = 'Other'),
    'natural_key_probe',
  ],
  ['a probe of another table', (p) => (ownOf(p).rootTable = ownOf(p, 'Session').rootTable), 'natural_key_probe'],
  ['another document id', (p) => (ownOf(p).documentIdColumn.value = 'Other'), 'document_id_column'],
  ['a value of another type', (p) => (boundTo('scalar', p).scalar = string), 'binding of a probe'],
  ['another reference', (p) => (boundTo('documentReference', p).documentReference.bindingIndex = 99), 'binding'],
  ['no binding', (p) => delete ownOf(p).keyColumns[0].binding, 'binding'],
  ['a binding of no kind', (p) => (ownOf(p).keyColumns[0].binding = {}), 'binding.kind'],
  [
    'a reference in a target',
    (p) => (targetOf(p).keyColumns[0].binding = { documentReference: { bindingIndex: 0 } }),
    'binding.kind',
  ],
  ['no path', (p) => (ownOf(p).keyColumns[0].identityJsonPaths = ['']), 'identity_json_paths'],
  ['a column without paths', (p) => delete abstractTarget(p).keyColumns[0].identityJsonPaths, 'identity_json_paths'],
  ['an unknown table of an abstract target', (p) => (abstractTarget(p).table.name = 'Nonsense'), 'table of a probe'],
  [
    'a concrete table of an abstract target',
    (p) => {
      abstractTarget(p).table = targetOf(p).table;
      abstractTarget(p).keyColumns[0].column.value = 'SchoolId';
    },
    'table of a probe',
  ],
  [
    'an unknown abstract target without columns',
    (p) => Object.assign(abstractTarget(p), { table: { schema: 'edfi', name: 'Nonsense' }, keyColumns: [] }),
    'table of a probe',
  ],
  ['an abstract target without columns', (p) => (abstractTarget(p).keyColumns = []), 'natural_key_probe'],
  ['another resource key', (p) => (abstractTarget(p).resourceKeyIdColumn.value = 'Other'), 'resource_key_id_column'],
  [
    'another document id of an abstract target',
    (p) => {
      const { documentIdColumn, keyColumns } = abstractTarget(p);
      [documentIdColumn.value, keyColumns[0].column.value] = [keyColumns[0].column.value, documentIdColumn.value];
    },
    'document_id_column',
  ],
  [
    'a text in the key of an abstract target',
    (p) => (abstractTarget(p).keyColumns[0].binding.scalar = string),
    'binding of a probe',
  ],
  [
    'another descriptor',
    (p) => (boundTo('descriptor', p).descriptor.resourceName = 'OtherDescriptor'),
    'binding of a probe',
  ],
  [
    'the number of a reference',
    (p) => {
      const binding = boundTo('documentReference', p);
      delete binding.documentReference;
      binding.scalar = { kind: 3 };
    },
    'binding of a probe',
  ],
  ['a number that is the text of an identity', (p) => (rootOf(p).columns[0].identityText = true), 'identity_text'],
  ['the resource key in a table', (p) => (rootOf(p).columns[1].kind = 9), 'kind'],
];

/** A document without the only references to the abstract resource. */
function withoutSections(document: LoosePayload): LoosePayload {
  const { sections: _, ...resourceSchemas } = document.projectSchema.resourceSchemas;
  return { ...document, projectSchema: { ...document.projectSchema, resourceSchemas } };
}

async function changed(pack: Uint8Array, change: (payload: LoosePayload) => void) {
  const { payload, envelope } = await takeApart(pack);
  change(payload);
  return seal(await payloadBytesOf(payload), envelope);
}

describe('a pack with probes is refused', () => {
  it.each(broken)('with %s', async (_, change, what) => {
    await expectError(await changed(natural, change), 'PACK_INVARIANT', what);
  });

  it.each<(typeof broken)[number]>([
    ['no columns', (p) => (abstractTarget(p).keyColumns = []), 'natural_key_probe'],
    ['another resource key', (p) => (abstractTarget(p).resourceKeyIdColumn.value = 'Other'), 'resource_key_id_column'],
    ['another document id', (p) => (abstractTarget(p).documentIdColumn.value = 'Other'), 'document_id_column'],
    ['a table of another resource', (p) => (abstractTarget(p).table = targetOf(p).table), 'table of a probe'],
  ])('with an abstract target that no reference leads to, with %s', async (_, change, what) => {
    const pack = await packOf(secondModelOf(everythingAsked.map(withoutSections), 'pgsql', 'v2-natural'));
    await expectError(await changed(pack, change), 'PACK_INVARIANT', what);
    await readPack(await changed(pack, () => undefined), 'a.mpack');
  });

  it('but not unchanged', async () => {
    expect((await readPack(await changed(natural, () => undefined), 'a.mpack')).mappingSet.description).not.toBeNull();
  });
});

describe('a pack of an earlier format is refused with members of this one', () => {
  const school = (payload: LoosePayload) => resourceOf(payload, 'School');
  it.each([
    ['descriptor_probe_target', (p, all) => (p.descriptorProbeTarget = all.descriptorProbeTarget)],
    ['natural_key_probe_target', (p, all) => (school(p).naturalKeyProbeTarget = targetOf(all))],
    ['own_natural_key_probe', (p, all) => (school(p).ownNaturalKeyProbe = ownOf(all))],
    ['identity_text', (p) => (school(p).relationalModel.tablesInDependencyOrder[0].columns[0].identityText = true)],
  ] as readonly [string, (payload: LoosePayload, natural: LoosePayload) => void][])('%s', async (what, add) => {
    const all = (await takeApart(natural)).payload;
    for (const model of [modelOf(everything, 'pgsql'), secondModelOf(everything, 'pgsql')])
      await expectError(await changed(await packOf(model), (payload) => add(payload, all)), 'PACK_INVARIANT', what);
  });
});
