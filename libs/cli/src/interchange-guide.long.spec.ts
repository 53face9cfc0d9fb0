import { replayGuides } from '../test/replayed-guide.ts';

replayGuides([{ file: 'docs/interchange.md' }]);
