import { render } from 'preact';
import { App } from './app.tsx';
import { readEmbedded } from './embedded-data.ts';
import './style.css';

const page = document.getElementById('page');
if (page)
  readEmbedded().then(
    (embedded) => {
      page.textContent = '';
      render(<App embedded={embedded} />, page);
      performance.mark('first-view');
    },
    (error: unknown) => {
      page.textContent = `The model cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
