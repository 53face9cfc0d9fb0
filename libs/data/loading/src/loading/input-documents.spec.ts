import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Diagnostic } from '@dms/diagnostics';
import { jsonText } from '@dms/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownSet } from '../../test/bench.ts';
import { changeLine } from '../changes/recorded-change.ts';
import { withSourceDocuments } from './input-documents.ts';
import type { LoadReject } from './load-report.ts';

const { model } = ownSet().plans.mappingSet;

describe('the documents of an input', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'dms-convert-spec-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  const file = (name: string, content: string | Buffer) => {
    writeFileSync(path.join(scratch, name), content);
    return path.join(scratch, name);
  };
  const interchange = (...elements: readonly string[]) =>
    `<InterchangeTest>\n${elements.join('\n')}\n</InterchangeTest>`;
  const read = async (paths: readonly string[], options: { readonly ignoreUnknown?: boolean } = {}) => {
    const rejects: LoadReject[] = [];
    const warnings: Diagnostic[] = [];
    const onReject = async (reject: LoadReject) => void rejects.push(reject);
    const onDiagnostic = (warning: Diagnostic) => void warnings.push(warning);
    return withSourceDocuments(model, paths, { onReject, onDiagnostic, ...options }, async ({ documents, changes }) => {
      const found: string[] = [];
      for await (const { resource, uuid, document } of documents)
        found.push([resource, uuid ?? '', jsonText(document)].join(' '));
      return { documents: found, changes: changes?.map(changeLine) ?? null, rejects, warnings };
    });
  };

  const district = '<District><DistrictName>D</DistrictName><DistrictId>1</DistrictId></District>';
  const wrong = '<District><DistrictId>2</DistrictId><Nam>E</Nam></District>';
  const fall = '<TermDescriptor><CodeValue>Fall</CodeValue><Namespace>uri://x.org/Term</Namespace></TermDescriptor>';

  const uuid = 'dd1bd850-0000-4000-8000-000000000000';
  const removed = `{"changeVersion":7,"kind":"delete","resource":"Campus:Student","uuid":"${uuid}","oldKey":{"studentUniqueId":"1"}}`;
  const renamed = `{"changeVersion":8,"kind":"keyChange","resource":"Campus:District","uuid":"${uuid}","oldKey":{"districtId":5},"newKey":{"districtId":1}}`;

  it('are descriptors, then those of each resource, in the order of the input', async () => {
    const { documents, rejects } = await read([
      file('a.xml.gz', gzipSync(interchange(district, fall))),
      file(
        'b.jsonl',
        [
          `{"resource":"Campus:District","uuid":"${uuid}","document":{"districtId":3,"districtName":"F"}}`,
          `{"resource":"Campus:TermDescriptor","uuid":"${uuid}","document":{"namespace":"uri://x.org/Term","codeValue":"Spring"}}`,
        ].join('\n'),
      ),
      file(
        'c.xml',
        interchange(
          '<School><SchoolId>9</SchoolId><DistrictReference ref="d"/></School>',
          district.replace('>', ' id="d">'),
        ),
      ),
    ]);
    expect(rejects).toEqual([]);
    expect(documents).toEqual([
      'Campus:TermDescriptor  {"codeValue":"Fall","namespace":"uri://x.org/Term"}',
      `Campus:TermDescriptor ${uuid} {"namespace":"uri://x.org/Term","codeValue":"Spring"}`,
      'Campus:District  {"districtId":1,"districtName":"D"}',
      `Campus:District ${uuid} {"districtId":3,"districtName":"F"}`,
      'Campus:District  {"districtId":1,"districtName":"D"}',
      'Campus:School  {"districtReference":{"districtId":1},"schoolId":9}',
    ]);
  });

  it.each([
    ['deletes and changed keys', `${removed}\n${renamed}\n`, [removed, renamed]],
    ['none, which makes an increment all the same', '', []],
  ])('come with the changes of an increment: %s', async (_name, text, expected) => {
    const { documents, changes, rejects } = await read([
      file('a.xml', interchange(district)),
      file('changes.ndjson', text),
    ]);
    expect(rejects).toEqual([]);
    expect(documents).toHaveLength(1);
    expect(changes).toEqual(expected);
  });

  it('come without changes of another form, which are rejected with their file and line', async () => {
    const { changes, rejects } = await read([file('changes.ndjson', `${removed}\n{"kind":"delete"}\n`)]);
    expect(changes).toEqual([removed]);
    expect(rejects.flatMap(({ diagnostics }) => diagnostics)).toMatchObject([
      { code: 'DOCUMENT_VALUE_INVALID', where: { line: 2 } },
    ]);
  });

  it('come without those that cannot be read, which are rejected', async () => {
    const unknown = '<NoDescriptor><CodeValue>Fall</CodeValue><Namespace>uri://x.org/Term</Namespace></NoDescriptor>';
    const { documents, rejects } = await read([file('a.xml', interchange(district, wrong, unknown))]);
    expect(documents).toEqual(['Campus:District  {"districtId":1,"districtName":"D"}']);
    expect(rejects).toMatchObject([
      {
        line: 3,
        resource: 'Campus:District',
        diagnostics: [{ code: 'INTERCHANGE_ELEMENT_UNKNOWN', where: { line: 3 } }],
      },
      { line: 4, resource: 'NoDescriptor', diagnostics: [{ code: 'SEED_UNKNOWN_DESCRIPTOR' }] },
    ]);
  });

  it('come without unknown elements on request', async () => {
    const { documents, warnings } = await read([file('a.xml', interchange(wrong))], { ignoreUnknown: true });
    expect(documents).toEqual(['Campus:District  {"districtId":2}']);
    expect(warnings).toMatchObject([{ code: 'INTERCHANGE_ELEMENT_UNKNOWN', class: 'W' }]);
  });
});
