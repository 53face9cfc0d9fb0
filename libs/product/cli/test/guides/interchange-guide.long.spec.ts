import { replayGuides } from '../replayed-guide.ts';

replayGuides([{ file: 'docs/interchange.md' }]);
