import { DmsError } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { explored } from '../../test/compiled-set.ts';
import { propagationSet } from '../../test/propagation-set.ts';
import { ownSet } from '../../test/test-sets.ts';
import { resourceDiagram } from './diagram.ts';
import { svgText } from './svg.ts';

const resources = { depth: 1, of: 'resources' } as const;

describe('a diagram as text', () => {
  const mssql = explored('mssql', propagationSet());

  it('is a Mermaid flowchart', async () => {
    expect(await resourceDiagram(mssql, 'Ed-Fi:A', 'mermaid', resources)).toBe(
      [
        'flowchart LR',
        '  n0["A"]',
        '  n1["B"]',
        '  n0 -.->|"trigger"| n0',
        '  n1 ==>|"identity · cascade"| n0',
        '  classDef center stroke-width:3px',
        '  class n0 center',
        '',
      ].join('\n'),
    );
  });

  it('is a DOT graph', async () => {
    expect(await resourceDiagram(mssql, 'Ed-Fi:D', 'dot', resources)).toBe(
      [
        'digraph model {',
        '  rankdir=LR;',
        '  node [shape=box, fontname="Helvetica"];',
        '  "Ed-Fi:C" [label="C\\nEd-Fi · 1 table", style=solid];',
        '  "Ed-Fi:D" [label="D\\nEd-Fi · 1 table", style=bold];',
        '  "Ed-Fi:D" -> "Ed-Fi:C" [style=bold, label="identity"];',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('follows references up to the given depth, away from the resource', async () => {
    const set = explored('pgsql', ownSet());
    const nodesAt = async (depth: number) =>
      [
        ...(await resourceDiagram(set, 'Campus:Section', 'mermaid', { depth, of: 'resources' })).matchAll(
          /^ {2}n\d+[[(]+"([^"]*)"/gm,
        ),
      ].map(([, name]) => name);
    const one = await nodesAt(1);
    const two = await nodesAt(2);
    expect(one).toContain('CourseOffering');
    expect(two).toEqual(expect.arrayContaining(one));
    expect(two.length).toBeGreaterThan(one.length);
  });

  it('shows tables with their parents', async () => {
    const text = await resourceDiagram(explored('pgsql', ownSet()), 'Campus:School', 'dot', { depth: 1, of: 'tables' });
    expect(text).toContain('"campus.SchoolAddress" -> "campus.School"');
  });
});

describe('a diagram as a picture', () => {
  it('holds names as text', () => {
    const node = { id: '"]&<b>\u0000', name: 'x', detail: '<script>', kind: 'center', resource: 'x' } as const;
    const text = svgText(
      { width: 1, height: 1, edges: [], nodes: [{ ...node, title: ['</text>'], x: 0, y: 0, width: 1, height: 1 }] },
      '<&"',
    );
    expect(text).toContain('<title>&quot;]&amp;&lt;b&gt;\ufffd</title>');
    expect(text).toContain('>&lt;/text&gt;</text>');
    expect(text).toContain('&lt;script&gt;');
    expect(text).toContain('<title>&lt;&amp;&quot;</title>');
  });
});

it.each([
  ['Ed-Fi:Bb', 'Ed-Fi:Bb is not a resource of this set; did you mean "Ed-Fi:B"?'],
  ['ed-fi:a', 'ed-fi:a is not a resource of this set; did you mean "Ed-Fi:A"?'],
  ['B', 'B is not a resource of this set; did you mean "Ed-Fi:B"?'],
  ['Sample:Bus', 'Sample:Bus is not a resource of this set.'],
])('an unknown resource is refused with the nearest name: %s', async (label, message) => {
  const failure = await resourceDiagram(explored('pgsql', propagationSet()), label, 'dot', resources).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(DmsError);
  expect((failure as DmsError).diagnostics).toMatchObject([
    { code: 'EXPLORE_RESOURCE_UNKNOWN', message, details: { resource: label } },
  ]);
});
