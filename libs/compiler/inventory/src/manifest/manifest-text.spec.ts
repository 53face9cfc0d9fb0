import { dialects, type SqlDialect } from '@dms/sql';
import { edFi, languageDescriptor, longNamed, menu, modelOf, seeds, shuffled, workedExamples } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { documents, fingerprint, noInventory, noResources, plainStamp, table } from '../../test/manifest-inputs.ts';
import type { DbTrigger } from '../trigger-kinds.ts';
import { modelManifestText } from './model-manifest.ts';

/** The text form of 03 §11.1, written from the chapter. */
function textOf(value: unknown, indentation = ''): string {
  const inner = `${indentation}  `;
  if (typeof value === 'string')
    return `"${[...Array(value.length).keys()].map((index) => escaped(value.charCodeAt(index))).join('')}"`;
  if (value === null || typeof value !== 'object') return String(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(value)
    ? value.map((element) => textOf(element, inner))
    : Object.entries(value).map(([name, member]) => `${textOf(name)}: ${textOf(member, inner)}`);
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indentation}${close}`;
}

function escaped(unit: number): string {
  const short = new Map([
    [0x08, '\\b'],
    [0x09, '\\t'],
    [0x0a, '\\n'],
    [0x0c, '\\f'],
    [0x0d, '\\r'],
    [0x5c, '\\\\'],
  ]).get(unit);
  if (short !== undefined) return short;
  const isRaw = unit >= 0x20 && unit < 0x7f && !'"&\'+<>`'.includes(String.fromCharCode(unit));
  return isRaw ? String.fromCharCode(unit) : `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`;
}

describe('the text of the model manifest', () => {
  it('is indented by two, one member or element per line, with empty lists and objects closed at once', () => {
    const text = modelManifestText(noResources, noInventory, fingerprint, null);
    expect(text).toBe(`{
  "dialect": "pgsql",
  "effective_schema_hash": "${fingerprint.effectiveSchemaHash}",
  "relational_mapping_version": "v1",
  "projects": [
    {
      "project_endpoint_name": "ed-fi",
      "project_name": "Ed-Fi",
      "project_version": "1.0.0",
      "is_extension": false,
      "physical_schema": "edfi"
    }
  ],
  "resources": [],
  "abstract_identity_tables": [],
  "abstract_union_views": [],
  "indexes": [],
  "triggers": []
}
`);
  });

  it.each([
    ['"', '\\u0022'],
    ['&', '\\u0026'],
    ["'", '\\u0027'],
    ['+', '\\u002B'],
    ['<', '\\u003C'],
    ['>', '\\u003E'],
    ['`', '\\u0060'],
    ['\\', '\\\\'],
    ['/', '/'],
    ['\b', '\\b'],
    ['\t', '\\t'],
    ['\n', '\\n'],
    ['\f', '\\f'],
    ['\r', '\\r'],
    ['\u0000', '\\u0000'],
    ['\u001f', '\\u001F'],
    ['\u007f', '\\u007F'],
    ['é', '\\u00E9'],
    ['\u2028', '\\u2028'],
    ['😀', '\\uD83D\\uDE00'],
    ['~', '~'],
    ['$._[*]', '$._[*]'],
    ['\\u0041', '\\\\u0041'],
    ['\\"', '\\\\\\u0022'],
  ])('escapes %j as %s', (name, written) => {
    const trigger: DbTrigger = {
      ...plainStamp,
      name: `a${name}b`,
      table: table('T'),
      keyColumns: [],
      identityProjectionColumns: [],
    };
    const text = modelManifestText(noResources, { ...noInventory, triggers: [trigger] }, fingerprint, null);
    expect(text).toContain(`"name": "a${written}b"`);
    expect(JSON.parse(text).triggers[0].name).toBe(`a${name}b`);
  });

  it.each(dialects)('of any model is reproduced from its own value, in %s', (dialect) => {
    for (const set of [workedExamples, documents, [longNamed], [edFi([languageDescriptor, menu([])])]]) {
      const text = modelManifestText(modelOf(set, dialect), { ...noInventory, dialect }, fingerprint);
      expect(`${textOf(JSON.parse(text))}\n`).toBe(text);
      expect(text.endsWith('}\n')).toBe(true);
      expect(text.endsWith('\n\n')).toBe(false);
      expect(text).not.toContain('\r');
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    }
  });

  it.each(dialects)(
    'has the same bytes when emitted twice and after members of the input are shuffled, in %s',
    (dialect) => {
      for (const set of [workedExamples, documents]) {
        const textFor = (given: typeof set) =>
          modelManifestText(modelOf(given, dialect), { ...noInventory, dialect }, fingerprint);
        const text = textFor(set);
        expect(textFor(set)).toBe(text);
        for (const seed of seeds(10)) {
          const other = [...set].reverse().map((document) => shuffled(document, seed));
          expect(textFor(other), `seed ${seed}`).toBe(text);
        }
      }
    },
  );

  it('differs between dialects in the dialect alone where names are short and nothing cascades', () => {
    const textIn = (dialect: SqlDialect) =>
      modelManifestText(modelOf(workedExamples, dialect), noInventory, fingerprint);
    expect(textIn('mssql')).toBe(textIn('pgsql').replace('"dialect": "pgsql"', '"dialect": "mssql"'));
  });
});
