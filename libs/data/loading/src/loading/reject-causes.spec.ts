import { diagnostic } from '@dms/diagnostics';
import { checkDocument, unresolved } from '@dms/documents';
import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { compiled, ownSet } from '../../test/bench.ts';
import type { LoadReject } from './load-report.ts';
import { RejectCauses } from './rejects.ts';

type LoadInput = readonly [resource: string, document: unknown];

const nameOf = (label: string) => {
  const [projectName = '', resourceName = ''] = label.split(':');
  return { projectName, resourceName };
};

/**
 * The summary of the rejects of documents with missing targets, or that the check of the model refuses, by their lines.
 */
function summaryOf(set: ReturnType<typeof compiled>, ...inputs: readonly LoadInput[]) {
  const causes = new RejectCauses(set.plans);
  inputs.forEach(([resource, value], index) => {
    const document = toJsonValue(value);
    const where = { file: 'in.jsonl', line: index + 1 };
    const checked = checkDocument(set.plans, nameOf(resource), document, where);
    const diagnostics = checked.document ? unresolved(checked.document, new Map(), where) : checked.diagnostics;
    const [first, ...others] = diagnostics;
    if (!first) throw new Error(`line ${where.line} is not rejected`);
    causes.add({ ...where, resource, diagnostics: [first, ...others], document, uuid: null });
  });
  const { causes: found, others } = causes.summary();
  return { causes: found.map(({ documents, text }) => `${documents} ${text}`), others };
}

const school = (schoolId: number, districtId: number): LoadInput => [
  'Campus:School',
  { schoolId, schoolName: 'S', districtReference: { districtId } },
];

describe('rejected documents by cause', () => {
  it('count those that name one document, and say where it was rejected', () => {
    const wrong: LoadInput = ['Campus:District', { districtId: 7, none: 1 }];
    const { causes } = summaryOf(ownSet(), wrong, school(1, 7), school(2, 7), school(3, 7), school(4, 8), school(5, 8));
    expect(causes).toEqual([
      '3 name Campus:District with $.districtId = "7", which was rejected at in.jsonl:1',
      '2 name Campus:District with $.districtId = "8", which is not there',
      '1 DOCUMENT_PROPERTY_UNKNOWN Campus:District $.none',
    ]);
  });

  it('count other problems by code, resource and path, whatever the position in an array', () => {
    const wrong = (count: number): LoadInput => [
      'Campus:School',
      { schoolId: 1, schoolName: 'S', gradeLevelDescriptors: [...Array(count).keys()].map(() => ({ wrong: 1 })) },
    ];
    const first = summaryOf(ownSet(), wrong(1), wrong(2)).causes[0];
    expect(first).toMatch(/^2 DOCUMENT_\w+ Campus:School \$\.gradeLevelDescriptors\[\*\]/);
  });

  it('list 20 causes and count the documents of the others', () => {
    const { causes, others } = summaryOf(
      ownSet(),
      school(0, 1),
      ...Array.from({ length: 25 }, (_, index) => school(index, index + 1)),
    );
    expect(causes).toHaveLength(20);
    expect(causes[0]).toMatch(/^2 name/);
    expect(others).toBe(5);
  });

  it('of what is not a document have a code and the file', () => {
    const causes = new RejectCauses(ownSet().plans);
    const reject: LoadReject = {
      file: 'x.json',
      line: 1,
      resource: null,
      document: null,
      uuid: null,
      diagnostics: [diagnostic('INPUT_JSON_INVALID', 'no JSON', { file: 'x.json' })],
    };
    causes.add(reject);
    causes.add(reject);
    expect(causes.summary().causes).toEqual([
      { documents: 2, code: 'INPUT_JSON_INVALID', text: 'INPUT_JSON_INVALID x.json' },
    ]);
  });
});

describe('documents in a circle', () => {
  const { integer, object, project, reference, resource } = build;
  const named = (name: string, id: string, target: string, targetId: string) =>
    resource(name, {
      identityJsonPaths: [`$.${id}`],
      documentPathsMapping: {
        Next: reference(`Ed-Fi:${target}`, [[`$.${targetId}`, `$.nextReference.${targetId}`]], false),
      },
      jsonSchemaForInsert: object({ [id]: integer(), nextReference: object({ [targetId]: integer() }, [targetId]) }, [
        id,
      ]),
    });
  const set = compiled([
    project('Ed-Fi', [
      named('Odd', 'oddId', 'Even', 'evenId'),
      named('Even', 'evenId', 'Odd', 'oddId'),
      named('Link', 'linkId', 'Link', 'linkId'),
    ]),
  ]);

  it('are called so: two that name each other, and one that names itself', () => {
    const { causes } = summaryOf(
      set,
      ['Ed-Fi:Odd', { oddId: 1, nextReference: { evenId: 2 } }],
      ['Ed-Fi:Even', { evenId: 2, nextReference: { oddId: 1 } }],
      ['Ed-Fi:Link', { linkId: 5, nextReference: { linkId: 5 } }],
      ['Ed-Fi:Link', { linkId: 6, nextReference: { linkId: 5 } }],
    );
    expect(causes).toEqual([
      '2 Ed-Fi:Odd (in.jsonl:1) and Ed-Fi:Even (in.jsonl:2) name each other: load one without the reference, then replace it',
      '1 name Ed-Fi:Link with $.linkId = "5", which was rejected at in.jsonl:3',
      '1 Ed-Fi:Link (in.jsonl:3) names itself: load it without the reference, then replace it',
    ]);
  });
});
