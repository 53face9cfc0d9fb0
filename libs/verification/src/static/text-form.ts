import { sha256Hex } from '@dms/canonical-json';
import { normalizeSql } from '@dms/ddl';
import type { Finding } from './finding.ts';

const controlCharacter = /\p{Cc}/u;

/** S13, and control characters of S14: what holds of the text of a script in both dialects. */
export function textFindings(script: string, scriptSha256: string | null): Finding[] {
  const findings: Finding[] = [];
  const add = (id: string, line: number | null, text: string) => findings.push({ id, line, text });
  if (script.trim() === '') add('S1', null, 'the script is empty');
  if (script.includes('\r')) add('S13', null, 'carriage return');
  if (!script.endsWith('\n\n') || script.endsWith('\n\n\n')) add('S13', null, 'the script must end with one empty line');
  const lines = script.split('\n');
  for (const [index, line] of lines.entries()) {
    if (/[ \t]$/.test(line)) add('S13', index + 1, 'a blank at the end of the line');
    if (line.includes('\t')) add('S13', index + 1, 'a tab');
    if (line === '' && index > 0 && lines[index - 1] === '' && index < lines.length - 1) {
      add('S13', index + 1, 'two empty lines after one another');
    }
    if (controlCharacter.test(line.replaceAll(/[\t\r]/g, ''))) add('S14', index + 1, 'a control character');
  }
  const found = sha256Hex(normalizeSql(script));
  if (scriptSha256 !== null && found !== scriptSha256) {
    add('S13', null, `the script is not that of ddl.manifest.json (SHA-256 ${found}, not ${scriptSha256})`);
  }
  return findings;
}
