import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { blocksOfGuide, commandsOfBlock, isThorough } from '@dms/testing';
import { expect, it } from 'vitest';
import { districtsOfGuide, type ReplayedGuide, replayGuides } from '../replayed-guide.ts';

/*
 * The README, and the guides in the order of its table, one after another in one clone, each in its own folder: no
 * guide depends on the results of another, or fails because of files that it left behind. `-t docs/upgrade.md` replays
 * one of them, and `npm run search -- guides` all.
 */

const root = path.resolve(import.meta.dirname, '../../../../..');

const guides: readonly ReplayedGuide[] = [
  { file: 'docs/extension.md' },
  { file: 'docs/databases.md' },
  { file: 'docs/packs.md' },
  { file: 'docs/upgrade.md' },
  { file: 'docs/data-standard-6.md' },
  { file: 'docs/natural-keys.md' },
  { file: 'docs/reporting.md', databases: ['reporting-campus'], sqlDatabase: 'CAMPUS_DB' },
  { file: 'docs/fleets.md', databases: districtsOfGuide },
  { file: 'docs/interchange.md' },
  { file: 'docs/use-from-a-program.md', databases: ['first-program'] },
];

/**
 * Guides that begin elsewhere: with a feed, in an empty folder, in the folder of the tutorial, or with an existing ODS.
 * Other tests replay them. The guide about SQL Server needs a SQL Server.
 */
const elsewhere = [
  'docs/schemas.md',
  'docs/tutorial.md',
  'docs/ci.md',
  'docs/moving-from-the-ods.md',
  'docs/sql-server.md',
];

const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

it('every guide with commands to run is replayed, in the order of the README', () => {
  const table = text('README.md').replace(/^[^|].*$/gm, '');
  const listed = [...table.matchAll(/\((docs\/[\w-]+\.md)\)/g)].flatMap(([, file = '']) => file);
  const order = listed.filter((file) => guides.some((guide) => guide.file === file));
  expect(guides.map(({ file }) => file)).toEqual(order);
  const withCommands = readdirSync(path.join(root, 'docs'))
    .map((name) => `docs/${name}`)
    .filter((file) => file.endsWith('.md') && /```(?:sh|console)\n/.test(text(file)));
  expect(withCommands.filter((file) => ![...order, ...elsewhere].includes(file))).toEqual([]);
});

it.each(guides)('$file works in a folder of its own', ({ file }) => {
  const folder = `try/${path.basename(file, '.md')}`;
  const lines = blocksOfGuide(text(file)).flatMap((block) => (commandsOfBlock(block) ?? '').split('\n'));
  const entered = lines.indexOf(`cd ${folder}`);
  expect(entered).toBeGreaterThan(0);
  const before = lines.slice(0, entered).filter((line) => line.startsWith('npx '));
  expect(before).toEqual([expect.stringMatching(`^npx dms-ddl emit .* --output ${folder}/\\w+$`)]);
});

/**
 * The end-to-end tests replay these guides with the packed program and with the packed plugin (`documentation.e2e.ts`,
 * `plugin-alone.e2e.ts`), so they are replayed here only in a thorough search, or to accept their output.
 */
const replayedPacked = ['README.md', 'docs/packs.md'];

const isWhole = isThorough || process.env.DMS_ACCEPT_GUIDE !== undefined;
const all = [{ file: 'README.md' }, ...guides];
replayGuides(isWhole ? all : all.filter(({ file }) => !replayedPacked.includes(file)));
