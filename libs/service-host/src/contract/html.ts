const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1f24}
code,pre{font:13px/1.45 ui-monospace,monospace}pre{background:#f4f6f8;padding:.8rem;overflow:auto;border-radius:6px}
h2{margin-top:2.5rem;border-bottom:1px solid #d8dee4}h3{margin-bottom:.2rem}table{border-collapse:collapse}
td,th{border:1px solid #d8dee4;padding:.25rem .6rem;text-align:left;vertical-align:top}summary{cursor:pointer;color:#0b5cad}`;

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Text with `code` in back quotes. */
export const prose = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

/** A page that needs nothing from outside. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>${STYLE}</style></head><body>
${body}
</body></html>
`;
