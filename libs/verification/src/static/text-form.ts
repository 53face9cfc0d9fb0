/** S13: the form of the text of a script in both dialects (design 06 §2.5). */
export function textForm(text: string): string[] {
  const findings: string[] = [];
  if (text.includes('\r')) findings.push('carriage return');
  if (!text.endsWith('\n\n') || text.endsWith('\n\n\n')) findings.push('the script must end with one empty line');
  // nearly all scripts have neither, which one look at the whole text tells
  const lines = /\t| $/m.test(text) ? text.split('\n') : [];
  for (const [index, line] of lines.entries()) {
    if (/[ \t]$/.test(line)) findings.push(`line ${index + 1} ends with a blank`);
    if (line.includes('\t')) findings.push(`line ${index + 1} has a tab`);
  }
  if (/\n\n\n/.test(text)) findings.push('two empty lines after one another');
  return findings;
}
