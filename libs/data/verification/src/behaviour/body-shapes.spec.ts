import { readFileSync } from 'node:fs';
import { mappingVersions } from '@dms/api-schema';
import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { shapeOf } from './body-shapes.ts';

/* R18 tries one body of each shape. There are few shapes, and a body that leaves out rows has a different one. */

const sets = { v1: 'dms', v2: 'dms-v2', 'v2-natural': 'dms-v2-natural' } as const;
/** No body of the last one maintains referential ids. */
const fewest = { v1: 50, v2: 50, 'v2-natural': 30 } as const;

const bodiesOf = {
  pgsql: (script: string) =>
    [...script.matchAll(/CREATE OR REPLACE FUNCTION (\S+)\(\)\n[^$]*\$func\$\n([\s\S]*?)\$func\$;/g)].map(
      ([, name = '', body = '']) => ({ name, body }),
    ),
  mssql: (script: string) =>
    [...script.matchAll(/CREATE OR ALTER TRIGGER (\S+)\n([\s\S]*?)\nGO\n/g)].map(([, name = '', body = '']) => ({
      name,
      body,
    })),
} as const;

/** Bodies that leave out some of the rows of a statement. */
const fewer = {
  pgsql: (body: string) =>
    body.replace(/ FROM ((?:new|old)(?:_rows|tab)) AS (\w)\b/, ' FROM (SELECT * FROM $1 LIMIT 1000) AS $2'),
  mssql: (body: string) =>
    body.replace(/\bFROM (inserted|deleted) AS (\w)\b/, 'FROM (SELECT TOP 1000 * FROM $1) AS $2'),
} as const;

describe.each(dialects.flatMap((dialect) => mappingVersions.map((version) => ({ dialect, version }))))(
  'shapes of bodies for $dialect, $version',
  ({ dialect, version }) => {
    const file = new URL(`../../../../../golden/${sets[version]}/${dialect}.sql`, import.meta.url);
    const bodies = bodiesOf[dialect](readFileSync(file, 'utf8'));
    const shapes = new Map(bodies.map(({ name, body }) => [name, shapeOf(body, dialect)]));

    it('are few', () => {
      expect(bodies.length).toBeGreaterThan(fewest[version]);
      expect(new Set(shapes.values()).size).toBeLessThan(bodies.length / 2);
    });

    it('change where rows are left out', () => {
      let changed = 0;
      for (const { name, body } of bodies) {
        const other = fewer[dialect](body);
        if (other === body) continue;
        changed += 1;
        expect([...shapes.values()], name).not.toContain(shapeOf(other, dialect));
      }
      expect(changed).toBeGreaterThanOrEqual(10);
    });
  },
);

it('a shape has no names, texts or keys of resources, but every number that decides', () => {
  const body = (name: string, key: number, count: number) =>
    `DELETE FROM "dms"."${name}"\nWHERE "ResourceKeyId" IN (${key})\n    AND pg_catalog.cardinality(documents) > ${count};\nSELECT\n    t."${name}",\n    ${key}\nFROM x;`;
  expect(shapeOf(body('A', 1, 1), 'pgsql')).toBe(shapeOf(body('B', 21, 1), 'pgsql'));
  expect(shapeOf(body('A', 1, 1), 'pgsql')).not.toBe(shapeOf(body('A', 1, 100), 'pgsql'));
});
