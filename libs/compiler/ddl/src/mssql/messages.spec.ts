import { readScript } from '@dms/script-checks';
import { type SqlToken, spelled } from '@dms/sql';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type EmittedSet, emitDocuments, scriptWith } from '../../test/emitted.ts';
import { evaluate, type TsqlValue } from '../../test/mssql/tsql-evaluate.ts';

/*
 * The errors that a SQL Server script raises (design 06 §6), computed from its text: a message is a variable, which
 * THROW or, in
 *    the preflight, RAISERROR names.
 */

const minimal = (): EmittedSet =>
  emitDocuments(
    build.project(
      'Ed-Fi',
      [
        build.resource('Person', {
          identityJsonPaths: ['$.personId'],
          jsonSchemaForInsert: build.object({ personId: build.integer() }, ['personId']),
        }),
      ],
      { endpoint: 'ed-fi' },
    ),
  );

interface Thrown {
  readonly statement: 'THROW' | 'RAISERROR';
  readonly number: string;
  readonly state: string;
  readonly message: readonly SqlToken[];
}

/** The batches of a script without the guards between them and without the final batch (design 06 §2.4). */
const workOf = (script: string) =>
  readScript(script)
    .batches.slice(0, -1)
    .filter(({ tokens }) => !(tokens[0]?.value === 'IF' && tokens[1]?.text === '@@ERROR'));

/**
 * Every error that the script raises, with the expression of its message; RAISERROR has no number, and the server gives
 * it 50000.
 */
function thrown(script: string): Thrown[] {
  return workOf(script).flatMap(({ tokens }) => {
    const assigned = new Map<string, readonly SqlToken[]>();
    const found: Thrown[] = [];
    for (const [index, token] of tokens.entries()) {
      if (token.value === 'DECLARE' && tokens[index + 1]?.text.endsWith('_message')) {
        const from = tokens.findIndex((candidate, at) => at > index && candidate.text === '=') + 1;
        const end = tokens.findIndex((candidate, at) => at > from && candidate.text === ';');
        assigned.set(tokens[index + 1]?.text ?? '', tokens.slice(from, end));
      }
      if (token.value === 'RAISERROR') {
        const [, format, , severity, , state, , message] = tokens.slice(index + 1, index + 9);
        expect([format?.text, severity?.text]).toEqual(["N'%s'", '16']);
        const text = assigned.get(message?.text ?? '') ?? [];
        found.push({ statement: 'RAISERROR', number: '50000', state: state?.text ?? '', message: text });
      }
      if (token.value !== 'THROW') continue;
      const [number, , message, , state] = tokens.slice(index + 1, index + 6);
      found.push({
        statement: 'THROW',
        number: number?.text ?? '',
        state: state?.text ?? '',
        message: assigned.get(message?.text ?? '') ?? [message!],
      });
    }
    return found;
  });
}

const count = (value: number): TsqlValue => ({ kind: 'typed', type: 'bigint', value: String(value) });
const text = (value: string): TsqlValue => ({ kind: 'text', value });
const hint = 'Run dms-ddl provision for a row-level diff.';

describe('errors of the SQL Server script', () => {
  const { mssql, set } = minimal();
  const { effectiveSchemaHash, resourceKeySeedHash } = set.info;
  const seedHash = `0x${Buffer.from(resourceKeySeedHash).toString('hex').toUpperCase()}`;

  const values: Readonly<Record<string, TsqlValue>> = {
    '@preflight_stored_hash': text('f'.repeat(64)),
    '@resource_key_count': count(2),
    '@resource_key_mismatch_count': count(11),
    '@resource_key_mismatch_keys': text('1, 2'),
    '@schema_count': count(7),
    '@schema_seed_hash': { kind: 'binary', value: Buffer.alloc(32, 0xab) },
    '@component_count': count(2),
    '@component_mismatch_count': count(1),
    '@component_mismatch_keys': text('ed-fi'),
  };

  const messageOf = ({ message }: Thrown) => {
    const value = evaluate(message, (name) => {
      const found = values[name];
      if (found === undefined) throw new Error(`no value ${name}`);
      return found;
    });
    return value?.kind === 'text' ? value.value : value;
  };

  it('are E1 to E8, in the order in which they can be raised', () => {
    expect(thrown(mssql.script).map(messageOf)).toEqual([
      `EffectiveSchemaHash mismatch: database has '${'f'.repeat(64)}' but expected '${effectiveSchemaHash}'`,
      'dms.ResourceKey count mismatch: expected 1, found 2',
      `dms.ResourceKey contents mismatch: 11 unexpected or modified rows (ResourceKeyIds: 1, 2). ${hint}`,
      'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.',
      'dms.EffectiveSchema ResourceKeyCount mismatch: expected 1, found 7',
      `dms.EffectiveSchema ResourceKeySeedHash mismatch: stored 0x${'AB'.repeat(32)} but expected ${seedHash}`,
      'dms.SchemaComponent count mismatch: expected 1, found 2',
      `dms.SchemaComponent contents mismatch: 1 unexpected or modified rows (ProjectEndpointNames: ed-fi). ${hint}`,
    ]);
  });

  it('have number 50000 and state 1; the message is a variable or a literal', () => {
    for (const { number, state, message } of thrown(mssql.script)) {
      expect([number, state]).toEqual(['50000', '1']);
      expect(message.length).toBeGreaterThan(0);
    }
  });

  it('are part of the preflight and of the seed segment, none in between', () => {
    const batches = workOf(mssql.script);
    const raised = (statement: string) =>
      batches.map(({ tokens }) => tokens.filter(({ value }) => value === statement).length);
    expect(raised('RAISERROR')).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(raised('THROW')).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
    expect(thrown(mssql.script).map(({ statement }) => statement)).toEqual(['RAISERROR', ...Array(7).fill('THROW')]);
  });
});

describe('seed rows of the SQL Server script', () => {
  it('are guarded by their primary key and hold the raw values', () => {
    const names = [`O'Neil $$ 100% \\x`, `$dms$ %s "q"]`];
    const { mssql, set } = minimal();
    const [component] = set.info.schemaComponents;
    const script = scriptWith(mssql, {
      resourceKeyCount: 2,
      resourceKeys: names.map((name, index) => ({
        id: index + 1,
        projectName: name,
        resourceName: 'R',
        resourceVersion: '1',
        isAbstract: false,
      })),
      schemaComponents: [
        { ...component!, projectEndpointName: names[0]!, projectName: names[1]!, isExtensionProject: true },
      ],
    });
    const { tokens } = workOf(script).at(-1)!;
    const strings = tokens.filter(({ kind }) => kind === 'string').map(({ value }) => value);
    for (const name of names) expect(strings).toContain(name);
    const line = (start: string) => script.split('\n').find((candidate) => candidate.startsWith(start));
    expect(line('IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 1)')).toBe(
      `IF NOT EXISTS (SELECT 1 FROM [dms].[ResourceKey] WHERE [ResourceKeyId] = 1) INSERT INTO [dms].[ResourceKey] ([ResourceKeyId], [ProjectName], [ResourceName], [ResourceVersion]) VALUES (1, N'O''Neil $$ 100% \\x', N'R', N'1');`,
    );
    expect(line('IF NOT EXISTS (SELECT 1 FROM [dms].[SchemaComponent]')).toContain(
      `WHERE [EffectiveSchemaHash] = N'${set.info.effectiveSchemaHash}' AND [ProjectEndpointName] = N'O''Neil $$ 100% \\x')`,
    );
    expect(line('IF NOT EXISTS (SELECT 1 FROM [dms].[SchemaComponent]')).toMatch(/N'1\.0\.0', 1\);$/);
    expect(line('IF NOT EXISTS (SELECT 1 FROM [dms].[EffectiveSchema]')).toContain(
      `VALUES (1, N'1.0.0', N'${set.info.effectiveSchemaHash}', 2, 0x${Buffer.from(set.info.resourceKeySeedHash).toString('hex').toUpperCase()});`,
    );
  });

  it.each([
    [999, [999]],
    [1000, [999, 1]],
    [2500, [999, 999, 502]],
  ])('%i keys are chunks of %j in each expected set', (keys, chunks) => {
    const { mssql } = minimal();
    const script = scriptWith(mssql, {
      resourceKeyCount: keys,
      resourceKeys: Array.from({ length: keys }, (_, index) => ({
        id: index + 1,
        projectName: 'Ed-Fi',
        resourceName: `R${index}`,
        resourceVersion: '1',
        isAbstract: false,
      })),
    });
    const validation = script.slice(
      script.indexOf('-- ResourceKey full-table'),
      script.indexOf('-- EffectiveSchema singleton'),
    );
    const sizes = validation
      .split(/\(VALUES\n/)
      .slice(1)
      .map((part) => /^(?: *\(\d+, .*\n)+/.exec(part)?.[0].trimEnd().split('\n').length);
    // the list of chunks occurs twice: for the count of differing rows and for the list of their ids
    expect(sizes).toEqual([...chunks, ...chunks]);
    expect(validation.match(/UNION ALL/g) ?? []).toHaveLength(2 * (chunks.length - 1));
    expect(validation.match(/\) AS chunk \(/g) ?? []).toHaveLength(chunks.length === 1 ? 0 : 2 * chunks.length);
    expect(spelled(workOf(script).at(-1)!.tokens)).toContain(') AS expected (');
  });
});
