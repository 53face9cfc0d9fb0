import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Diagnostic } from '@dms/diagnostics';
import { dumpedTexts } from '@dms/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownSet } from '../../test/bench.ts';
import { type ConvertOptions, convertDocuments } from './convert-documents.ts';
import type { LoadReject } from './load-report.ts';

const { model } = ownSet().plans.mappingSet;

describe('converting documents', () => {
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
  const output = () => path.join(scratch, 'output');
  const contents = () => dumpedTexts(output());
  const convert = async (paths: readonly string[], options: ConvertOptions = {}) => {
    const rejects: LoadReject[] = [];
    const warnings: Diagnostic[] = [];
    const result = await convertDocuments(model, paths, output(), {
      onReject: (reject) => void rejects.push(reject),
      onDiagnostic: (warning) => void warnings.push(warning),
      ...options,
    });
    return { result, rejects, warnings };
  };

  const district = '<District><DistrictName>D</DistrictName><DistrictId>1</DistrictId></District>';
  const wrong = '<District><DistrictId>2</DistrictId><Nam>E</Nam></District>';
  const fall = '<TermDescriptor><CodeValue>Fall</CodeValue><Namespace>uri://x.org/Term</Namespace></TermDescriptor>';

  const uuid = 'dd1bd850-0000-4000-8000-000000000000';
  const removed = `{"changeVersion":7,"kind":"delete","resource":"Campus:Student","uuid":"${uuid}","oldKey":{"studentUniqueId":"1"}}`;
  const renamed = `{"changeVersion":8,"kind":"keyChange","resource":"Campus:District","uuid":"${uuid}","oldKey":{"districtId":5},"newKey":{"districtId":1}}`;

  it('writes one file per resource, in the order of the input', async () => {
    const { result, rejects } = await convert([
      file('a.xml.gz', gzipSync(interchange(district, fall))),
      file('b.jsonl', '{"resource":"Campus:District","document":{"districtId":3,"districtName":"F"}}\n'),
      file(
        'c.xml',
        interchange(
          '<School><SchoolId>9</SchoolId><DistrictReference ref="d"/></School>',
          district.replace('>', ' id="d">'),
        ),
      ),
    ]);
    expect(rejects).toEqual([]);
    expect(result).toEqual({ documents: 4, descriptors: 1, resources: 2, rejected: 0, isWritten: true });
    expect(contents()).toEqual({
      'campus/districts.jsonl':
        '{"districtId":1,"districtName":"D"}\n{"districtId":3,"districtName":"F"}\n{"districtId":1,"districtName":"D"}\n',
      'campus/schools.jsonl': '{"districtReference":{"districtId":1},"schoolId":9}\n',
      'campus/termDescriptors.jsonl': '{"codeValue":"Fall","namespace":"uri://x.org/Term"}\n',
    });
  });

  it.each([
    ['deletes and changed keys', `${removed}\n${renamed}\n`],
    ['none, which makes an increment all the same', ''],
  ])('writes the changes of an increment: %s', async (_name, changes) => {
    const documents = file('a.xml', interchange(district));
    const { result, rejects } = await convert([documents, file('changes.ndjson', changes)]);
    expect(rejects).toEqual([]);
    expect(result).toMatchObject({ documents: 1, rejected: 0, isWritten: true });
    expect(readFileSync(path.join(output(), 'changes.ndjson'), 'utf8')).toBe(changes);
  });

  it('rejects changes of another form, with their file and line', async () => {
    const { result, rejects } = await convert([file('changes.ndjson', `${removed}\n{"kind":"delete"}\n`)]);
    expect(result).toMatchObject({ rejected: 1, isWritten: false });
    expect(rejects.flatMap(({ diagnostics }) => diagnostics)).toMatchObject([
      { code: 'DOCUMENT_VALUE_INVALID', where: { line: 2 } },
    ]);
    expect(existsSync(output())).toBe(false);
  });

  it('writes nothing if a document is rejected, and reports all of them', async () => {
    const unknown = '<NoDescriptor><CodeValue>Fall</CodeValue><Namespace>uri://x.org/Term</Namespace></NoDescriptor>';
    const { result, rejects } = await convert([file('a.xml', interchange(district, wrong, unknown))]);
    expect(result).toMatchObject({ documents: 1, rejected: 2, isWritten: false });
    expect(rejects).toMatchObject([
      {
        line: 3,
        resource: 'Campus:District',
        diagnostics: [{ code: 'INTERCHANGE_ELEMENT_UNKNOWN', where: { line: 3 } }],
      },
      { line: 4, resource: 'NoDescriptor', diagnostics: [{ code: 'SEED_UNKNOWN_DESCRIPTOR' }] },
    ]);
    expect(existsSync(output())).toBe(false);
  });

  it('writes the other documents on request', async () => {
    const { result } = await convert([file('a.xml', interchange(wrong, district))], { isContinued: true });
    expect(result).toMatchObject({ documents: 1, rejected: 1, isWritten: true });
    expect(contents()).toEqual({ 'campus/districts.jsonl': '{"districtId":1,"districtName":"D"}\n' });
  });

  it('leaves out unknown elements on request', async () => {
    const { result, warnings } = await convert([file('a.xml', interchange(wrong))], { ignoreUnknown: true });
    expect(result).toMatchObject({ documents: 1, rejected: 0 });
    expect(warnings).toMatchObject([{ code: 'INTERCHANGE_ELEMENT_UNKNOWN', class: 'W' }]);
    expect(contents()).toEqual({ 'campus/districts.jsonl': '{"districtId":2}\n' });
  });

  it('reports its progress', async () => {
    const counts: number[] = [];
    const many = Array.from({ length: 2500 }, (_, index) => `<District><DistrictId>${index}</DistrictId></District>`);
    await convert([file('a.xml', interchange(...many))], { onProgress: (count) => void counts.push(count) });
    expect(counts).toEqual([1000, 2000]);
  });
});
