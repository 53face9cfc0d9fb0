// @ts-check
/**
 * The minimum work of any schema compiler, in a fresh process: reads, parses, writes as text and hashes the schemas
 * with the built-in functions of Node, and writes the bytes of the two scripts. `floor <folder of scripts> <folder to
 * write to> <schema>…`
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [scripts = '', folder = '', ...schemas] = process.argv.slice(2);
for (const schema of schemas) {
  const canonical = JSON.stringify(JSON.parse(readFileSync(schema, 'utf8')));
  createHash('sha256').update(canonical).digest('hex');
}
for (const script of ['pgsql.sql', 'mssql.sql'])
  writeFileSync(path.join(folder, script), readFileSync(path.join(scripts, script)));
