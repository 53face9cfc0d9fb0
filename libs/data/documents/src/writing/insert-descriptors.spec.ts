import { describe, expect, it } from 'vitest';
import { named } from '../../test/bench.ts';
import { schoolPlans } from '../../test/school-set.ts';
import { ScriptedConnection } from '../../test/scripted-connection.ts';
import { descriptorReferentialId } from '../identity/referential-id.ts';
import { insertDescriptors, type NewDescriptor } from './write-descriptors.ts';

const resource = named('Core:KindDescriptor');
const big = { resource, namespace: 'uri://x', codeValue: 'Big', shortDescription: 'big' };

/** The parameter values of each statement sent after the documents. */
async function sent(...descriptors: readonly NewDescriptor[]) {
  const parameters: unknown[][] = [];
  let lastId = 10;
  const connection = new ScriptedConnection('pgsql', (text, values) => {
    if (text.startsWith('INSERT INTO "dms"."Document"'))
      return [...String(values[0]).matchAll(/"([^"]*)"/g)].map(([, DocumentUuid]) => {
        lastId += 1;
        return { DocumentId: lastId, DocumentUuid };
      });
    parameters.push([...values]);
    return [];
  });
  await insertDescriptors(connection, schoolPlans('pgsql'), descriptors);
  return { requests: connection.requests, parameters };
}

describe('new descriptors', () => {
  it('are inserted with their documents and identities, in two requests', async () => {
    const small = {
      ...big,
      codeValue: 'Small',
      description: 'd',
      effectiveBeginDate: '2030-01-01',
      effectiveEndDate: '2030-02-01',
    };
    const { requests, parameters } = await sent(big, small);
    expect(requests.map((texts) => texts.length)).toEqual([1, 2]);
    const key = schoolPlans('pgsql').mappingSet.resourceKeyIdByResource.get('Core:KindDescriptor');
    expect(parameters).toEqual([
      [
        '{"11","12"}',
        '{"uri://x","uri://x"}',
        '{"Big","Small"}',
        '{"big","big"}',
        '{NULL,"d"}',
        '{NULL,"2030-01-01"}',
        '{NULL,"2030-02-01"}',
        '{"KindDescriptor","KindDescriptor"}',
        '{"uri://x#Big","uri://x#Small"}',
      ],
      [
        `{${['Big', 'Small'].map((code) => `"${descriptorReferentialId(resource, `uri://x#${code}`)}"`).join(',')}}`,
        '{"11","12"}',
        `{"${key}","${key}"}`,
      ],
    ]);
  });

  it('send no request if there are none', async () => {
    expect((await sent()).requests).toEqual([]);
  });
});
